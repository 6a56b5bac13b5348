import { Pool } from 'pg';
import type { LogLine } from '../../lambda-src/delivery/log';
import { compose, createPostConfirmationHandler, type PostConfirmationOptions } from '../../lambda-src/handler';
import { useDatabase } from '../support/database';
import { recordedEvent } from '../support/events';

const database = useDatabase();
const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
let log: LogLine[];

beforeEach(async () => {
  log = [];
  await database.client.query('truncate public.users');
});

const handlerWith = (options: Partial<PostConfirmationOptions> = {}) => createPostConfirmationHandler({
  database: { connectionString: database.connectionString(), table: 'public.users' },
  columns: { cognito_user_id: 'sub', email: 'email' },
  log: (line) => log.push(line),
  ...options,
});
const emails = async () => (await database.rows('select email from public.users')).map(({ email }) => email);

describe('a connection of the application\'s own', () => {
  test('is used, and not closed', async () => {
    const pool = new Pool({ connectionString: database.connectionString() });
    await handlerWith({ database: { queryable: pool, table: 'public.users' } })(EVENT);
    expect(log).toEqual([expect.objectContaining({ outcome: 'written' })]);
    expect((await pool.query('select 1')).rowCount).toBe(1);
    await pool.end();
  });

  test('fails by our own name, without PostgreSQL\'s message', async () => {
    const pool = new Pool({ connectionString: database.connectionString() });
    await handlerWith({ database: { queryable: pool, table: 'public.users' }, columns: { cognito_user_id: 'sub', handle: 'email', nope: 'email' } })(EVENT);
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded', error: { name: 'UserStoreError', code: '42703' } });
    await pool.end();
  });
});

describe('a wrong configuration does not keep the function from loading, and is named', () => {
  test.each<[string, Partial<PostConfirmationOptions>, RegExp]>([
    ['no way to the database', { database: { connectionString: undefined, table: 't' } }, /^database has none of connectionString/],
    ['a connection string that is none', { database: { connectionString: 'localhost/app?password=hunter2', table: 't' } }, /^the connection URL cannot be read/],
    ['a connection string of another database', { database: { connectionString: 'mysql://a:hunter2@h/d', table: 't' } }, /^the connection URL cannot be read/],
    ['a password with a bare percent sign', { database: { connectionString: 'postgres://a:hunter2%@h/d', table: 't' } }, /^the password in the connection URL is not percent-encoded/],
    ['a table name that is none', { database: { connectionString: 'postgres://a:b@localhost:1/d', table: 'a.b.c' } }, /^table "a\.b\.c" is not a table name/],
    ['a reserved schema', { database: { connectionString: 'postgres://a:b@localhost:1/d', table: 'pg_catalog.users' } }, /^schema "pg_catalog" has the prefix pg_/],
    ['a name that PostgreSQL would cut', { columns: { [`"${'ä'.repeat(32)}"`]: 'sub' } }, /has 64 bytes/],
    ['a system column', { columns: { ctid: 'sub' } }, /is a system column/],
    ['no database', { database: undefined }, /^the options have no database: /],
    ['no columns', { columns: undefined }, /^the options have no columns/],
    ['a port that is none', { database: { host: 'localhost', port: Number('abc'), databaseName: 'd', user: 'u', password: 'p', table: 't' } }, /^got host "localhost" and port null/],
    ['a queryable that is none', { database: { queryable: undefined as never, table: 't' } }, /^database\.queryable has no method query/],
    ['a host beside the URL\'s', { database: { connectionString: 'postgres://a:hunter2@localhost:1/d?host=10.0.0.1', table: 't' } }, /^the connection URL has the parameter host/],
  ])('%s', async (_case, options, message) => {
    const handler = handlerWith(options);
    expect(await handler(EVENT)).toBe(EVENT);
    const [first, last] = [log[0], log.at(-1)!];
    // A port is looked at by the connection; the rest is told while loading already.
    if (!_case.includes('port')) expect(first).toMatchObject({ level: 'ERROR', message: 'the configuration is wrong: no row will be written' });
    expect(last).toMatchObject({ level: 'ERROR', outcome: 'unrecorded', error: { message: expect.stringMatching(message) } });
    expect(JSON.stringify(log)).not.toContain('hunter2');
  });
});

describe('afterSync', () => {
  test('is told of the user and the outcome once the row is there', async () => {
    const told: unknown[] = [];
    const handler = handlerWith({ afterSync: async ({ sub }, outcome) => void told.push([sub, outcome, await emails()]) });
    await handler(EVENT);
    await handler(EVENT);
    expect(told).toEqual([[EVENT.request.userAttributes.sub, 'written', ['ada@example.com']], [EVENT.request.userAttributes.sub, 'unchanged', ['ada@example.com']]]);
  });

  test.each<[string, () => void | Promise<void>, string]>([
    ['throws', () => { throw new RangeError('ada@example.com'); }, 'RangeError'],
    ['rejects', async () => { throw new RangeError('ada@example.com'); }, 'RangeError'],
    ['takes too long', () => new Promise(() => undefined), 'TimeoutError'],
  ])('that %s fails no sign-up, and is logged without its message', async (_case, afterSync, name) => {
    expect(await handlerWith({ afterSync })(EVENT, { getRemainingTimeInMillis: () => 700 })).toBe(EVENT);
    expect(log.map(({ outcome, error }) => error?.name ?? outcome)).toEqual(['written', name]);
    expect(JSON.stringify(log)).not.toContain('ada@example.com');
  });

  test('is not told of a user who is not recorded', async () => {
    const afterSync = jest.fn();
    await handlerWith({ afterSync, columns: { id: 'sub' } })(EVENT);
    expect(afterSync).not.toHaveBeenCalled();
  });
});

describe('a log of the application\'s own that fails fails no sign-up', () => {
  test.each<[string, () => void]>([
    ['throws', () => { throw new Error('disk full'); }],
    ['rejects', async () => { throw new Error('disk full'); }],
  ])('and the line goes to standard output where it %s', async (_case, fail) => {
    const lines: string[] = [];
    const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    expect(await handlerWith({ log: fail })(EVENT)).toBe(EVENT);
    expect(await handlerWith({ log: fail, columns: {} })(EVENT)).toBe(EVENT);
    await new Promise(setImmediate);
    write.mockRestore();
    expect(lines.map((line) => JSON.parse(line).outcome)).toEqual(['written', undefined, 'unrecorded']);
  });
});

test('an error of somebody else\'s is told by its kind and place, whatever its name and message look like', async () => {
  const sneaky = Object.assign(new Error(`first\n    at ${EVENT.request.userAttributes.email}\n    at last`), { name: EVENT.request.userAttributes.email });
  await handlerWith({ afterSync: () => { throw sneaky; } })(EVENT);
  expect(log.at(-1)).toMatchObject({ error: { name: 'Error', stack: expect.stringMatching(/^ {4}at /) } });
  expect(JSON.stringify(log)).not.toContain('ada@example.com');
});

test('an error that a trigger of the table raises brings no value into the log', async () => {
  await database.client.query(`create table if not exists public.raising (id text primary key, email text, name text);
    create or replace function public.raise() returns trigger language plpgsql as $$ begin
      raise exception using message = new.email, detail = new.name, errcode = '23505', constraint = new.email, table = new.name, column = new.id; end $$;
    create or replace trigger raising before insert on public.raising for each row execute function public.raise()`);
  await handlerWith({ database: { connectionString: database.connectionString(), table: 'raising' }, columns: { id: 'sub', email: 'email', name: 'preferred_username' } })(EVENT);
  expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded', error: { code: '23505' } });
  expect(log.at(-1)!.error).not.toMatchObject({ constraint: expect.anything() });
  expect(JSON.stringify(log.at(-1)!.error)).not.toMatch(/ada|5f0c7f3e/);
});

describe('compose', () => {
  test('runs each handler with the event that the one before answered with', async () => {
    const seen: string[] = [];
    const handler = compose(handlerWith(), async (event) => ({ ...event, mark: 1 }), (event) => void seen.push(JSON.stringify(event)));
    expect(await handler(EVENT, {})).toEqual({ ...EVENT, mark: 1 });
    expect(JSON.parse(seen[0])).toMatchObject({ mark: 1 });
    expect(await emails()).toEqual(['ada@example.com']);
  });

  test('writes the row even where a handler before it throws, whose error is thrown in the end', async () => {
    const refuse = (): void => {
      throw new Error('not on a Sunday');
    };
    await expect(compose(refuse, handlerWith())(EVENT, {})).rejects.toThrow('not on a Sunday');
    expect(await emails()).toEqual(['ada@example.com']);
  });

  test('fails at once where a handler wants a callback', () => {
    const old = (_event: unknown, _context: unknown, _callback: unknown) => undefined;
    expect(() => compose(handlerWith(), old as never)).toThrow('handler 2 of 2 takes a callback');
  });
});

test('no handler declares three parameters, which Lambda\'s Node.js 24 refuses', () => {
  expect(handlerWith({ connect: 'lazy' }).length).toBeLessThan(3);
  expect(compose(handlerWith({ connect: 'lazy' })).length).toBeLessThan(3);
});
