import { once } from 'node:events';
import { connect } from 'node:net';

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-CANCELREQUEST */
const CANCEL_REQUEST = 80_877_102;

const PATIENCE_MILLIS = 1_000;

/** Settles when the server has taken it, or is not going to. Without TLS, as servers take it from any address. */
export async function sendCancelRequest(host: string, port: number, processId: number, secretKey: number): Promise<void> {
  const message = Buffer.alloc(16);
  [16, CANCEL_REQUEST, processId, secretKey].forEach((part, index) => message.writeInt32BE(part, index * 4));
  const socket = connect({ host, port }).unref().resume();
  // The server closes: PgBouncer forgets a request whose connection ends before it has passed it on.
  socket.setTimeout(PATIENCE_MILLIS, () => socket.destroy()).write(message);
  await once(socket, 'close');
}
