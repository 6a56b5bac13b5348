import { connect } from 'node:net';

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-CANCELREQUEST */
const CANCEL_REQUEST = 80_877_102;

/** Nobody waits for it, and it tells nothing. Without TLS, as servers take it from any address. */
export function sendCancelRequest(host: string, port: number, processId: number, secretKey: number): void {
  const message = Buffer.alloc(16);
  [16, CANCEL_REQUEST, processId, secretKey].forEach((part, index) => message.writeInt32BE(part, index * 4));
  connect({ host, port }).unref().on('error', () => undefined).end(message);
}
