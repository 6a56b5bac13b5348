import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Answers on a free port of this machine; what `answer` throws is a 500 that says so. */
export async function startHttpServer(answer: (request: IncomingMessage, body: string) => Promise<HttpAnswer>): Promise<HttpServer> {
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => answer(request, body))
      .catch((error: unknown) => ({ status: 500, headers: {}, body: String(error) }))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
