import { type Failure, OneByOne, type Outcome } from './one-by-one';
import { type InterposedExchange, startHttpInterposer } from '../../test/support/http-interposer';
import { startTcpProxy } from '../../test/support/tcp-proxy';
import { startUserService, type UserFields, type UserService } from '../../test/support/user-service';
import { REFUSED_NAME } from '../person';
import type { SimulatedClock } from '../simulated-clock';
import { type FunctionName, SECRET_ARNS, type StormStore, type StormTable, WRITERS } from '../store';
import type { StoredRow } from '../verdict';

/** One for each function. */
const API_KEYS: Readonly<Record<FunctionName, string>> = { trigger: 'key-of-the-trigger', consumer: 'key-of-the-consumer' };

const FAILURES: Readonly<Record<string, Failure>> = {
  'HTTP 500': { answer: answering(500) },
  'HTTP 500, and is done': { answer: answering(500), isDone: true },
  'HTTP 503': { answer: answering(503, { 'retry-after': '1' }) },
  'HTTP 429': { answer: answering(429, { 'retry-after': '2' }) },
  'HTTP 401': { answer: answering(401) },
  'HTTP 404': { answer: answering(404) },
};

/** A user service for each table, behind what watches them. */
export async function startUserServiceStorm(tables: readonly StormTable[], clock: SimulatedClock): Promise<StormStore> {
  const services = new Map<string, UserService>();
  for (const { name, hasVersion } of tables) services.set(name, await startUserService({ version: hasVersion ? 'observed_at' : undefined }));
  const requests = new OneByOne(clock, FAILURES, perform);
  const interposer = await startHttpInterposer((path) => {
    const { table, rest } = partsOf(path);
    return `${services.get(table)!.url}${rest}`;
  });
  interposer.instead = (exchange) => requests.meet(exchange);
  const proxy = await startTcpProxy(interposer.port);

  async function perform({ incoming: { url = '', headers }, body, handOn }: InterposedExchange): Promise<Outcome> {
    const fields = JSON.parse(body) as UserFields;
    if (fields.display_name === REFUSED_NAME) return { answer: answering(422, {}, body) };
    const { table, rest } = partsOf(url);
    const { writes, users } = services.get(table)!;
    const before = writes.length;
    const answer = await handOn();
    if (writes.length === before) return { answer };
    const { generation, observed_at: observedAt } = users.get(rest.slice(1))!;
    return {
      answer,
      write: { writer: writerOf(headers['x-api-key']), sub: rest.slice(1), generation: Number(generation), observedAt: typeof observedAt === 'string' ? new Date(observedAt) : null },
    };
  }

  return {
    proxy,
    access: (name, table) => ({
      bundle: `${name}-user-service`,
      plan: { kind: 'userService', url: `http://localhost:${proxy.port}/${table}`, login: { secretArn: SECRET_ARNS[name], header: 'x-api-key' }, mayBeUnencrypted: true },
      secret: API_KEYS[name],
    }),
    deleteRow: (table, sub) => requests.delete(sub, () => services.get(table)!.users.delete(sub)),
    rows: async (table) => [...services.get(table)!.users.values()].map(rowOf),
    audit: async () => requests.audit,
    failures: Object.keys(FAILURES),
    raise: async (failure) => requests.raise(failure),
    lock: () => requests.lock(),
    unlock: async () => requests.unlock(),
    tell: async () => {},
    onCommit: (listener) => requests.onCommit(listener),
    figures: async () => ({}),
    async stop() {
      await proxy.stop();
      await interposer.stop();
      for (const service of services.values()) await service.stop();
    },
  };
}

/** `/users/<sub>` */
function partsOf(path: string): { readonly table: string; readonly rest: string } {
  const [, table, rest] = /^\/(\w+)(.*)$/.exec(path)!;
  return { table, rest };
}

function writerOf(key: string | string[] | undefined): string {
  const name = (Object.keys(API_KEYS) as FunctionName[]).find((each) => API_KEYS[each] === key);
  if (name === undefined) throw new Error('the request has the key of nobody who is known here');
  return WRITERS[name];
}

/** JSON has the columns' own types. */
function rowOf({ handle = null, enabled = null, ...fields }: UserFields): StoredRow {
  return { handle, enabled, ...fields } as StoredRow;
}

function answering(status: number, headers: Readonly<Record<string, string>> = {}, body = '') {
  return { status, headers, body };
}
