import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';

/** One message of PostgreSQL's: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
}

const AUTHENTICATION_OK = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
const NO_ROWS = message('C', Buffer.from('SELECT 0\0'));
const A_ROW = message('D', Buffer.from([0, 1, 0, 0, 0, 1, 65]));

/** Lets everybody in without TLS, and answers each packet after that with the same. */
function pretender(answer: Buffer): Server {
  return tcp((socket) => {
    let isIn = false;
    socket.on('data', ({ length }) => {
      const isForTls = !isIn && length === 8;
      socket.write(isForTls ? 'N' : isIn ? answer : Buffer.concat([AUTHENTICATION_OK, READY]));
      isIn ||= !isForTls;
    });
  });
}

function tcp(talk: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', () => socket.destroy()).resume();
    talk(socket);
  });
}

/** What listens on a port that was mistyped. Each says what the real one says first, and no more than that. */
export const STRANGERS: Readonly<Record<string, () => Server>> = {
  'HTTP': () => createHttpServer((_request, response) => response.end('hello')),
  'MySQL': () => tcp((socket) => socket.write(Buffer.concat([Buffer.from([0x4a, 0, 0, 0, 0x0a]), Buffer.from('8.0.36\0'), Buffer.alloc(66, 65)]))),
  'SMTP': () => tcp((socket) => socket.write('220 mail.example.com ESMTP\r\n')),
  'a silent port': () => tcp(() => {}),
  'a port that hangs up': () => tcp((socket) => socket.end()),
  'an answer without rows': () => pretender(Buffer.concat([NO_ROWS, READY])),
  'rows that nobody asked for': () => pretender(Buffer.concat([A_ROW, NO_ROWS, READY])),
};
