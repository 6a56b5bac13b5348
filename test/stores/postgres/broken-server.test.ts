import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { LogLine } from '../../../lambda-src/delivery/log';
import { createPostConfirmationHandler } from '../../../lambda-src/handler';
import { recordedEvent } from '../../support/events';

const CANARY = 'cAnArY';

/** A message of PostgreSQL's protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, body: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body, 'latin1')]);
}
const LOGGED_IN = Buffer.concat([message('R', '\0\0\0\0'), message('Z', 'I')]);

/** Whatever a server does, on the line and in its messages, a sign-up ends in time with one named error. */
test.each<[string, string, (socket: Socket) => void, object]>([
  ['closes at once', '', (socket) => socket.destroy(), { failure: 'transient' }],
  ['resets at once', '', (socket) => socket.resetAndDestroy(), { failure: 'transient', code: 'ECONNRESET' }],
  ['has no TLS', '', (socket) => socket.once('data', () => socket.write('N')), { name: 'ConfigurationError' }],
  ['cannot even start a process', '', (socket) => socket.once('data', () => socket.write(`E\0\0\0\x20SFATAL\0M${CANARY}`)), { failure: 'transient', message: 'the server refused the connection before TLS' }],
  ['closes instead of the TLS handshake', '', (socket) => socket.once('data', () => socket.end('S')), { failure: 'transient' }],
  ['sends plain bytes together with its yes to TLS, as somebody in the middle would', '', (socket) => socket.once('data', () => socket.write(`S${CANARY}`)), { name: 'ConfigurationError' }],
  ['speaks no TLS after saying so', '', (socket) => socket.once('data', () => {
    socket.write('S');
    socket.once('data', () => socket.write(CANARY.repeat(100)));
  }), { failure: 'misconfigured' }],
  ['sends garbage', '?sslmode=disable', (socket) => socket.once('data', () => socket.write(CANARY.repeat(500))), { failure: 'transient' }],
  ['never answers the login', '?sslmode=disable', (socket) => socket.resume(), { failure: 'transient', message: 'PostgreSQL did not answer in time' }],
  ['closes after the login', '?sslmode=disable', (socket) => socket.once('data', () => socket.end(message('R', '\0\0\0\0'))), { failure: 'transient' }],
  ['answers the statement with garbage', '?sslmode=disable', (socket) => socket.once('data', () => {
    socket.write(LOGGED_IN);
    socket.on('data', () => socket.write(CANARY.repeat(500)));
  }), { failure: 'transient' }],
  ['wants a login that pg does not know', '?sslmode=disable', (socket) => socket.once('data', () => socket.write(message('R', '\0\0\0\x07'))), { failure: 'misconfigured', message: expect.stringMatching(/^the server answered in a way that pg does not understand/) }],
  ['sends a message without a length', '?sslmode=disable', (socket) => socket.once('data', () => socket.write('R\0\0\0\0\0\0\0\0')), { name: expect.any(String) }],
  ['sends half an authentication', '?sslmode=disable', (socket) => socket.once('data', () => socket.write(message('R', '\0'))), { name: expect.any(String) }],
  ['sends columns that nobody asked for', '?sslmode=disable', (socket) => socket.once('data', () => {
    socket.write(LOGGED_IN);
    socket.on('data', () => socket.write(message('T', '\0\x05ab')));
  }), { name: expect.any(String) }],
  ['names values in its error, as a trigger of the table may', '?sslmode=disable', (socket) => socket.once('data', () => {
    socket.write(LOGGED_IN);
    socket.on('data', () => socket.write(Buffer.concat([message('E', `SERROR\0CP0001\0n${CANARY}@x\0t5f0c7f3e-1b3c\0c5f0c7f3e\0\0`), message('Z', 'I')])));
  }), { failure: 'permanent', code: 'P0001', constraint: undefined, table: undefined, column: undefined }],
  ['quotes the row in its error', '?sslmode=disable', (socket) => socket.once('data', () => {
    socket.write(LOGGED_IN);
    socket.on('data', () => socket.write(Buffer.concat([message('E', `SERROR\0C23505\0M${CANARY}\0D${CANARY}\0H${CANARY}\0W${CANARY}\0q${CANARY}\0nusers_email_key\0\0`), message('Z', 'I')])));
  }), { failure: 'permanent', code: '23505', constraint: 'users_email_key' }],
])('a server that %s', async (_case, parameters, serve, error) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  try {
    const log: LogLine[] = [];
    const handler = createPostConfirmationHandler({
      database: { connectionString: `postgresql://u:p@localhost:${(server.address() as AddressInfo).port}/d${parameters}`, table: 'users' },
      columns: { id: 'sub' },
      log: (line) => log.push(line),
    });
    await handler(recordedEvent('only-sub'), { getRemainingTimeInMillis: () => 900 });
    expect(log).toEqual([expect.objectContaining({ outcome: 'unrecorded', error: expect.objectContaining(error) })]);
    expect(JSON.stringify(log)).not.toContain(CANARY);
  } finally {
    server.close();
    sockets.forEach((socket) => socket.destroy());
  }
});
