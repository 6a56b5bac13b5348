import { once } from 'node:events';
import { Agent, createServer, request as open, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A real HTTP server before another one, for what must be seen, held, or answered otherwise. */
export interface HttpInterposer {
  readonly port: number;
  /** Done with every request instead of handing it on. */
  instead: ((exchange: InterposedExchange) => unknown) | undefined;
  stop(): Promise<void>;
}

/** One request, and the means to answer it in any way. */
export interface InterposedExchange {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
  /** Lets the server do it. @param body instead of the one that came @returns what it answers, of which nobody is told yet */
  handOn(body?: string): Promise<InterposedAnswer>;
}

export interface InterposedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** @param targetOf where a request for this path is handed on to */
export async function startHttpInterposer(targetOf: (path: string) => string): Promise<HttpInterposer> {
  const agent = new Agent({ keepAlive: true });

  async function answerOf({ method, url, headers }: IncomingMessage, body: string): Promise<InterposedAnswer> {
    const outgoing = open(targetOf(url!), { agent, method, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    outgoing.end(body);
    const [answer] = await once(outgoing, 'response') as [IncomingMessage];
    return { status: answer.statusCode!, headers: answer.headers, body: await text(answer) };
  }

  const server = createServer((incoming, response) => {
    void text(incoming)
      .then((body) => (interposer.instead ?? passOn)({ incoming, response, body, handOn: (other = body) => answerOf(incoming, other) }))
      .catch(() => incoming.destroy()); // whoever asked has left, or the server has
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const interposer: HttpInterposer = {
    port: (server.address() as AddressInfo).port,
    instead: undefined,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
  return interposer;
}

/** Does nothing but what is right. */
export async function passOn({ response, handOn }: InterposedExchange): Promise<void> {
  tellAll(response, await handOn());
}

export function tellAll(response: ServerResponse, { status, headers, body }: InterposedAnswer): void {
  response.writeHead(status, headers).end(body);
}
