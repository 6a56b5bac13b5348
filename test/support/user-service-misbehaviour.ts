import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Exchange, tell } from './user-service';

/** What a service does with a request instead of what is right. */
export type Misbehaviour = (exchange: Exchange) => void | Promise<void>;

/** What any server can do instead, whatever the request is. */
export type Rudeness = (exchange: Pick<Exchange, 'incoming' | 'response'>) => void;

/** Does nothing but say this. */
export function answers(status: number, headers: Readonly<Record<string, string>> = {}, body = 'an answer'): Rudeness {
  return ({ response }) => void response.writeHead(status, headers).end(body);
}

/** Does nothing, and never answers. */
export const isSilent: Rudeness = () => undefined;

/** The connection breaks, and nothing was done. */
export const breaksOff: Rudeness = ({ incoming }) => void incoming.socket.resetAndDestroy();

/** All was done, and nobody is told. */
export const doesAndBreaksOff: Misbehaviour = ({ incoming, take }) => {
  take();
  incoming.socket.resetAndDestroy();
};

/** The connection breaks, and the work goes on without anybody who listens. @param until when it is done */
export function breaksOffAndGoesOn(until: Promise<unknown>): Misbehaviour {
  return async ({ incoming, take }) => {
    incoming.socket.resetAndDestroy();
    await until;
    take();
  };
}

/** Sets the fields whatever the request's condition is, and says so. */
export const ignoresConditions: Misbehaviour = ({ request, response, take }) => {
  delete request.headers['if-none-match'];
  tell(response, take());
};

/** Takes its time before it does what is right. */
export function waits(milliseconds: number): Misbehaviour {
  return async ({ response, take }) => {
    await sleep(milliseconds, undefined, { ref: false });
    tell(response, take());
  };
}

/** The head comes byte by byte, and never ends. */
export const hasSlowHeaders: Rudeness = ({ incoming: { socket } }) => dripping(socket, 'HTTP/1.1 200 OK\r\nx-slow: ');

/** The head says 200, and the body never ends. */
export const hasDrippingBody: Rudeness = ({ incoming: { socket } }) => dripping(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n');

/** The head says 200, and the body is shorter than it says. */
export const hasHalfABody: Rudeness = ({ incoming: { socket } }) => void socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"half":');

/** This is no HTTP. */
export const talksNonsense: Rudeness = ({ incoming: { socket } }) => void socket.end('220 mail.example.com ESMTP\r\n');

/** Does what is right, and tells of it at such length. */
export function hasHugeAnswer(bytes: number): Misbehaviour {
  const part = Buffer.alloc(64 * 1024, ' ');
  const parts = function* () {
    for (let left = bytes; left > 0; left -= part.length) yield part.subarray(0, left);
  };
  return async ({ response, take }) => {
    response.writeHead(take().status, { 'content-type': 'application/json', 'content-length': String(bytes) });
    await pipeline(Readable.from(parts()), response).catch(() => undefined); // the client has read enough
  };
}

/** Does what is right, and tells of it as a page of the web. */
export const answersInHtml: Misbehaviour = ({ response, take }) => void response.writeHead(take().status, { 'content-type': 'text/html' }).end('<!doctype html>');

export function redirects(status: number, location: string): Rudeness {
  return answers(status, { location });
}

function dripping(socket: Exchange['incoming']['socket'], head: string): void {
  socket.write(head);
  const timer = setInterval(() => socket.write('x'), 20);
  socket.on('error', () => undefined);
  socket.on('close', () => clearInterval(timer));
}
