import type { Agent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { urlToHttpOptions } from 'node:url';
import { onDemand } from '../../on-demand';

export interface ServiceRequest {
  readonly method: string;
  /** Encoded, with the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What was decided; nothing else of an answer is looked at. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
}

/** No answer came, or it broke off in the middle. Has the system's code, such as ECONNREFUSED or ETIMEDOUT. */
export interface NoAnswer {
  readonly code: string;
}

/** Where a service is. */
export interface ServiceAddress {
  readonly url: URL;
  /** Certificate authorities to trust, as PEM. @default - those that Node.js trusts */
  readonly ca?: string;
}

/** A body is read, so that its connection can be used again, and not for longer than that saves anything. */
const MOST_BYTES = 64 * 1024;

/** One request and its answer. Never throws. */
export async function exchanged(request: ServiceRequest, { url, ca }: ServiceAddress, agent: Agent, limitMillis: number): Promise<ServiceAnswer | NoAnswer> {
  const { method, path, headers, body } = request;
  const fails = (code: string) => Object.assign(new Error('no answer'), { code });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<ServiceAnswer>((resolve, reject) => {
      const { protocol, hostname, port } = urlToHttpOptions(url);
      // The environment may tell Node.js to verify nothing (NODE_TLS_REJECT_UNAUTHORIZED): these are people's data.
      const options = { protocol, hostname, port, method, path, headers, agent, ca, rejectUnauthorized: true };
      let isAnswered = false;
      const outgoing = onDemand.request(url.protocol)(options, (answer) => {
        isAnswered = true;
        drained(answer).then(() => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }), reject);
      });
      // Over the whole answer: a service may also be slow in the middle of it.
      timer = setTimeout(() => {
        reject(fails('ETIMEDOUT'));
        outgoing.destroy();
      }, limitMillis);
      outgoing.on('error', reject);
      // Without an error where the service changes the protocol (101), which nobody asked it for.
      outgoing.on('close', () => {
        if (!isAnswered) reject(fails('ECONNRESET'));
      });
      outgoing.end(body);
    });
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    return { code: typeof code === 'string' && /^[A-Z][A-Z_0-9]{2,60}$/.test(code) ? code : 'no code' };
  } finally {
    clearTimeout(timer);
  }
}

/** @throws where it breaks off before its end */
async function drained(answer: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length;
    // Leaving the loop cuts the connection.
    if (bytes > MOST_BYTES) return;
  }
}
