import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { certificates } from './certificates';
import type { Misbehaviour } from './user-service-misbehaviour';

/**
 * A user service as the documentation asks for one, with its users in memory: `PUT <url>/<key>` makes a user or sets the
 * fields that it names, `POST <url>` makes one (409 where they are there), `GET <url>/<key>` shows one. It honours
 * `If-None-Match: *` (412 where the user is there), refuses an older observation with 412 where it was told which field
 * holds the time, and does nothing twice for one `Idempotency-Key`; the same key with another body is an error (422), and
 * while a request with it is being processed another one is, too (409), as
 * https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ asks. It can misbehave: see `instead`.
 *
 * It does not know If-Match, ETag, PATCH, DELETE and lists of users, and checks no signature: `accepts` sees the request.
 */
export interface UserService {
  /** Of all users. */
  readonly url: string;
  /** PEM, where it speaks TLS. */
  readonly ca?: string;
  /** All that came, in order, refused ones included. */
  readonly requests: ServiceRequest[];
  /** By the encoded values of their key, with `/` between: as in the path of a PUT. */
  readonly users: Map<string, UserFields>;
  /** What was done: one entry for each user that was made or changed. */
  readonly writes: ServiceWrite[];
  /** Connections that were opened. */
  readonly connections: number;
  /** Of these, how many are open still. */
  readonly openConnections: number;
  /** What is done with every request instead of what is right. */
  instead: Misbehaviour | undefined;
  /** Each is for one request and gone; before `instead`. */
  readonly next: Misbehaviour[];
  /** 401 for who is not. */
  accepts: (request: ServiceRequest) => boolean;
  stop(): Promise<void>;
}

export interface ServiceRequest {
  readonly method: string;
  /** As it was sent, query string included. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the answer, once there was one. */
  status?: number;
}

export interface ServiceWrite {
  readonly key: string;
  readonly isNew: boolean;
  readonly fields: UserFields;
}

export type UserFields = Readonly<Record<string, unknown>>;

export interface UserServiceSettings {
  /** Fields that identify the user of a POST. @default ['cognitoUserId'] */
  readonly key?: readonly string[];
  /** Field with the time of the observation. @default - the last one wins */
  readonly version?: string;
  /** Certificate of test/support/certificates. @default false */
  readonly tls?: boolean;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly fields?: UserFields;
}

/** One request, and the means to answer it in any way. */
export interface Exchange {
  readonly request: ServiceRequest;
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  /** Does what is right, but for telling. */
  take(): ServiceAnswer;
}

const PATH = '/api/v1/users';

export async function startUserService({ key = ['cognitoUserId'], version, tls = false }: UserServiceSettings = {}): Promise<UserService> {
  const inFlight = new Set<string>();
  const answers = new Map<string, { readonly body: string; readonly answer: ServiceAnswer }>();
  let connections = 0;
  let openConnections = 0;

  const listener: RequestListener = (incoming, response) => {
    void text(incoming).then(async (body) => {
      const { method = '', url: path = '', headers } = incoming;
      const request: ServiceRequest = { method, path, headers, body };
      service.requests.push(request);
      response.on('finish', () => { request.status = response.statusCode; });
      const name = nameOf(request);
      if (name !== undefined && inFlight.has(name)) {
        tell(response, { status: 409 });
        return;
      }
      if (name !== undefined) inFlight.add(name);
      try {
        const misbehaviour = service.next.shift() ?? service.instead;
        if (misbehaviour) await misbehaviour({ request, incoming, response, take: () => take(request) });
        else tell(response, service.accepts(request) ? take(request) : { status: 401 });
      } finally {
        if (name !== undefined) inFlight.delete(name);
      }
    }).catch(() => incoming.destroy()); // the client left in the middle
  };
  const { serverKey, serverCertificate, ca } = await certificates();
  const server = tls ? createSecureServer({ key: serverKey, cert: serverCertificate }, listener) : createServer(listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    openConnections += 1;
    socket.on('close', () => { openConnections -= 1; });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function take(request: ServiceRequest): ServiceAnswer {
    const name = nameOf(request);
    if (name === undefined) return done(request);
    const known = answers.get(name);
    if (known && known.body !== request.body) return { status: 422 };
    const answer = known?.answer ?? done(request);
    answers.set(name, { body: request.body, answer });
    return answer;
  }

  function done({ method, path, headers, body }: ServiceRequest): ServiceAnswer {
    const [plain] = path.split('?');
    const fields = method === 'GET' ? {} : JSON.parse(body) as UserFields;
    if (method === 'POST' && plain === PATH) {
      const posted = key.map((field) => encodeURIComponent(String(fields[field]))).join('/');
      return service.users.has(posted) ? { status: 409 } : write(posted, fields);
    }
    if (!plain.startsWith(`${PATH}/`)) return { status: 404 };
    const named = plain.slice(PATH.length + 1);
    const user = service.users.get(named);
    if (method === 'GET') return user ? { status: 200, fields: user } : { status: 404 };
    if (method !== 'PUT') return { status: 405 };
    const isOlder = user && version !== undefined && Date.parse(String(fields[version])) < Date.parse(String(user[version]));
    if (isOlder || (user && headers['if-none-match'] === '*')) return { status: 412 };
    return write(named, fields);
  }

  function write(name: string, fields: UserFields): ServiceAnswer {
    const user = service.users.get(name);
    const written = { ...user, ...fields };
    service.users.set(name, written);
    service.writes.push({ key: name, isNew: !user, fields });
    return { status: user ? 200 : 201, fields: written };
  }

  const service: UserService = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    ...(tls && { ca }),
    requests: [],
    users: new Map(),
    writes: [],
    get connections() { return connections; },
    get openConnections() { return openConnections; },
    instead: undefined,
    next: [],
    accepts: () => true,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return service;
}

/** By its `Idempotency-Key`. */
function nameOf({ method, path, headers: { 'idempotency-key': key } }: ServiceRequest): string | undefined {
  return key === undefined ? undefined : `${method} ${path} ${String(key)}`;
}

/** The right way to say it. */
export function tell(response: ServerResponse, { status, fields }: ServiceAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(fields ?? { status }));
}
