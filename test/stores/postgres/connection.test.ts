import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { LogLine } from '../../../lambda-src/delivery/log';
import { createPostConfirmationHandler, type DatabaseOptions, type PostConfirmationOptions } from '../../../lambda-src/handler';
import { USERS_TABLE } from '../../support/database';
import { confirmedSignUp } from '../../support/events';
import { startPostgres, type PostgresServer } from '../../support/postgres-server';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy';

/** A server of this file's own, since it is restarted, and a proxy in front of it, for what networks do. */
let server: PostgresServer;
let proxy: TcpProxy;
let observer: Client;
let log: LogLine[];
let users = 0;

beforeAll(async () => {
  server = await startPostgres({ hba: ['hostssl all by_iam all trust', 'hostssl all by_password all password', 'hostssl all by_md5 all md5'] });
  proxy = await startTcpProxy(server.port);
  await server.createDatabase('app');
  observer = await observing();
  await observer.query(USERS_TABLE);
});

afterAll(async () => {
  await observer.end();
  await proxy.stop();
  await server.stop();
});

beforeEach(async () => {
  log = [];
  await proxy.restore();
  proxy.latencyMs = 0;
});

async function observing(): Promise<Client> {
  const client = new Client({ connectionString: server.connectionString('app') });
  client.on('error', () => undefined); // the server is restarted under it
  await client.connect();
  return client;
}

const url = (options: Parameters<PostgresServer['connectionString']>[1] = {}) => server.connectionString('app', { port: proxy.port, ...options });
const handlerWith = (options: Partial<PostConfirmationOptions> = {}, database: Partial<DatabaseOptions> = {}) => createPostConfirmationHandler({
  database: { connectionString: url(), table: 'public.users', ...database } as DatabaseOptions,
  columns: { cognito_user_id: 'sub', email: 'email' },
  log: (line) => log.push(line),
  ...options,
});
const signUp = async (handler: ReturnType<typeof handlerWith>, millis = 4_000) => {
  const sub = `user-${users++}`;
  await handler(confirmedSignUp({ sub, email: 'ada@example.com' }), { getRemainingTimeInMillis: () => millis + 300 });
  return { sub, line: log.at(-1)! };
};
const isThere = async (sub: string) => (await observer.query('select 1 from public.users where cognito_user_id = $1', [sub])).rowCount === 1;
const connections = async () => Number((await observer.query("select count(*) from pg_stat_activity where application_name = 'cognito-user-sync'")).rows[0].count);
const until = async (condition: () => Promise<boolean>) => {
  while (!await condition()) await sleep(10);
};

describe('one connection', () => {
  test('is opened while the handler is created, and serves every event', async () => {
    const handler = handlerWith();
    await until(async () => await connections() === 1);
    for (let event = 0; event < 3; event++) {
      const { sub, line } = await signUp(handler);
      expect(line.outcome).toBe('written');
      expect(await isThere(sub)).toBe(true);
    }
    expect(await connections()).toBe(1);
    proxy.cut();
    await until(async () => await connections() === 0);
  });

  test('waits for the first event where it is told to', async () => {
    const handler = handlerWith({ connect: 'lazy' });
    await sleep(100);
    expect(proxy.connections).toBe(0);
    expect((await signUp(handler)).line.outcome).toBe('written');
    proxy.cut();
  });

  test('makes one round trip for each warm event', async () => {
    const turns: string[] = [];
    const counting = createServer((client) => {
      const upstream = connect(server.port, 'localhost');
      const note = (side: string) => () => turns.at(-1) === side || turns.push(side);
      client.on('data', note('ask')).pipe(upstream);
      upstream.on('data', note('answer')).pipe(client);
      for (const socket of [client, upstream]) socket.on('error', () => undefined).on('close', () => [client, upstream].forEach((end) => end.destroy()));
    }).listen(0, 'localhost');
    await sleep(20);
    const handler = handlerWith({}, { connectionString: url({ port: (counting.address() as AddressInfo).port }) });
    await signUp(handler);
    turns.length = 0;
    expect((await signUp(handler)).line.outcome).toBe('written');
    expect(turns).toEqual(['ask', 'answer']);
    counting.close();
    proxy.cut();
  });

  test('that waited more than 5 seconds for its first use is not trusted', async () => {
    const handler = handlerWith();
    await until(async () => await connections() === 1);
    const { rows: [{ pid }] } = await observer.query("select pid from pg_stat_activity where application_name = 'cognito-user-sync'");
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 5_001);
    expect((await signUp(handler)).line.outcome).toBe('written');
    now.mockRestore();
    const { rows } = await observer.query("select pid from pg_stat_activity where application_name = 'cognito-user-sync' and pid <> $1", [pid]);
    expect(rows).toHaveLength(1);
    proxy.cut();
  });
});

test('a connection is renewed after 55 minutes, however busy it is: Aurora DSQL ends it after 60', async () => {
  const pids = async () => (await observer.query("select pid from pg_stat_activity where application_name = 'cognito-user-sync'")).rows.map(({ pid }) => pid);
  const others = new Set(await pids());
  const ours = async () => (await pids()).filter((pid) => !others.has(pid));
  const handler = handlerWith();
  const start = Date.now();
  const now = jest.spyOn(Date, 'now');
  const pidAfter = async (minutes: number) => {
    now.mockReturnValue(start + minutes * 60_000);
    expect((await signUp(handler)).line.outcome).toBe('written');
    await until(async () => (await ours()).length === 1);
    return (await ours())[0];
  };
  try {
    const first = await pidAfter(0);
    for (let minutes = 4; minutes < 55; minutes += 4) expect(await pidAfter(minutes)).toBe(first);
    const second = await pidAfter(55.1);
    expect(second).not.toBe(first);
    expect(await pidAfter(59)).toBe(second);
  } finally {
    now.mockRestore();
    proxy.cut();
  }
});

describe('a connection that died while nobody looked is replaced, and the user is written', () => {
  test.each<[string, () => void | Promise<unknown>]>([
    ['reset by a failover', () => proxy.cut()],
    ['silently forgotten by a firewall', () => proxy.silence()],
    ['ended by an administrator', () => observer.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cognito-user-sync'")],
    ['closed by a restart of the server', async () => {
      await server.restart();
      observer = await observing();
    }],
  ])('%s', async (_case, die) => {
    const handler = handlerWith();
    expect((await signUp(handler)).line.outcome).toBe('written');
    await die();
    await sleep(50);
    const { sub, line } = await signUp(handler);
    expect(line).toMatchObject({ outcome: 'written' });
    expect(await isThere(sub)).toBe(true);
  });

  test('also where it died between loading and the first event', async () => {
    const handler = handlerWith();
    await until(async () => await connections() >= 1);
    proxy.cut();
    await sleep(50);
    expect((await signUp(handler)).line.outcome).toBe('written');
  });
});

describe('a database that cannot be reached is one error line in time, and is found again', () => {
  test.each<[string, () => Promise<void>, object]>([
    ['refuses connections', () => proxy.refuse(), { failure: 'transient', code: 'ECONNREFUSED' }],
    ['swallows every packet', () => proxy.blackHole(), { failure: 'transient', message: 'PostgreSQL did not answer in time' }],
  ])('%s', async (_case, fail, error) => {
    await fail();
    const handler = handlerWith();
    const { sub, line } = await signUp(handler, 700);
    expect(line).toMatchObject({ level: 'ERROR', outcome: 'unrecorded', error });
    expect(await isThere(sub)).toBe(false);
    await proxy.restore();
    expect((await signUp(handler)).line.outcome).toBe('written');
  });

  test('a lock that is held longer than the deadline ends in time, and the next event has a connection of its own', async () => {
    const handler = handlerWith();
    const { sub } = await signUp(handler);
    const other = await observing();
    await other.query('begin');
    await other.query('lock table public.users');
    const { line } = await signUp(handler, 600);
    expect(line).toMatchObject({ outcome: 'unrecorded', error: { failure: 'transient', message: 'PostgreSQL did not answer in time' } });
    await other.query('rollback');
    await other.end();
    expect((await signUp(handler)).line.outcome).toBe('written');
    expect(await isThere(sub)).toBe(true);
  });

  test('events that come at the same time in one process do not disturb each other', async () => {
    const handler = handlerWith();
    const lines = await Promise.all(Array.from({ length: 20 }, () => signUp(handler)));
    for (const { sub } of lines) expect(await isThere(sub)).toBe(true);
  });
});

describe('the login', () => {
  const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
  let secrets: SecretsManager;
  beforeEach(async () => {
    secrets = await startSecretsManager();
  });
  afterEach(async () => {
    await secrets.stop();
    await sleep(150); // for a connection of a handler that nobody waits for: its request breaks off, and is tried once more
  });

  const credentials = () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' });

  test('is fetched once from a secret, and once more when a rotated password is rejected', async () => {
    await observer.query("drop role if exists rotating; create role rotating login password 'one'; grant usage on schema public to rotating; grant select, insert, update on public.users to rotating");
    secrets.putSecret(SECRET, url({ user: 'rotating', password: 'one' }));
    const handler = createPostConfirmationHandler({
      database: { table: 'public.users', login: { secretArn: SECRET, endpointUrl: secrets.url, credentials } },
      columns: { cognito_user_id: 'sub' },
      log: (line) => log.push(line),
    });
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
    expect(secrets.calls).toBe(1);

    await observer.query("alter role rotating password 'two'");
    secrets.putSecret(SECRET, url({ user: 'rotating', password: 'two' }));
    proxy.cut();
    await sleep(50);
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
    expect(secrets.calls).toBe(2);

    await observer.query("alter role rotating password 'three'");
    proxy.cut();
    await sleep(50);
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'unrecorded', error: { name: 'UserStoreError', failure: 'misconfigured', code: '28P01' } });
    expect(JSON.stringify(log)).not.toMatch(/\btwo\b/);
  });

  test.each([
    ['the fields that RDS writes', () => JSON.stringify({ engine: 'postgres', host: 'localhost', port: proxy.port, dbname: 'app', username: server.user, password: server.password }), {}],
    ['fields without host and database, which are configured', () => JSON.stringify({ username: server.user, password: server.password }), { host: 'localhost', databaseName: 'app' }],
    ['a URL in a field', () => JSON.stringify({ CONNECTION_URL: url() }), { field: 'CONNECTION_URL' }],
  ])('takes a secret with %s', async (_case, content, { field, ...plan }: { field?: string; host?: string; databaseName?: string }) => {
    secrets.putSecret(SECRET, content());
    const handler = createPostConfirmationHandler({
      database: { table: 'public.users', ...plan, ...(plan.host && { port: proxy.port }), login: { secretArn: SECRET, secretField: field, endpointUrl: secrets.url, credentials } },
      columns: { cognito_user_id: 'sub' },
      log: (line) => log.push(line),
    });
    const { line } = await signUp(handler);
    // A secret with fields names no certificate authority, so that the test's own is not trusted: the login has come that far.
    expect(line.error ?? line.outcome).toEqual(field ? 'written' : expect.objectContaining({ failure: 'misconfigured', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }));
  });

  test.each([
    ['is not there', 'ResourceNotFoundException', { name: 'ConfigurationError', failure: 'misconfigured' }],
    ['may not be read', 'AccessDeniedException', { name: 'ConfigurationError', failure: 'misconfigured' }],
    ['cannot be had now', 'InternalServiceError', { name: 'UserStoreError', failure: 'transient' }],
  ] as const)('fails by name where the secret %s, and works once that is mended', async (_case, refusal, error) => {
    secrets.putSecret(SECRET, url());
    secrets.refusal = refusal;
    const handler = createPostConfirmationHandler({
      database: { table: 'public.users', login: { secretArn: SECRET, endpointUrl: secrets.url, credentials } },
      columns: { cognito_user_id: 'sub' },
      log: (line) => log.push(line),
    });
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'unrecorded', error });
    secrets.refusal = undefined;
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
  });

  test.each(['by_iam', 'by_password', 'by_md5'])('works by each of PostgreSQL\'s methods: %s', async (user) => {
    await observer.query(`set password_encryption = ${user === 'by_md5' ? "'md5'" : "'scram-sha-256'"}`);
    await observer.query(`drop role if exists ${user}; create role ${user} superuser login password 'p w%+'; reset password_encryption`);
    expect((await signUp(handlerWith({}, { connectionString: url({ user, password: 'p w%+' }) }))).line).toMatchObject({ outcome: 'written' });
  });

  test('is taken from where a rotated secret says, host included', async () => {
    await observer.query("drop role if exists moving; create role moving superuser login password 'one'");
    secrets.putSecret(SECRET, url({ user: 'moving', password: 'one' }));
    const handler = createPostConfirmationHandler({
      database: { table: 'public.users', login: { secretArn: SECRET, endpointUrl: secrets.url, credentials } },
      columns: { cognito_user_id: 'sub' },
      log: (line) => log.push(line),
    });
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
    await observer.query("alter role moving password 'two'");
    secrets.putSecret(SECRET, server.connectionString('app', { user: 'moving', password: 'two' })); // past the proxy
    proxy.cut();
    await sleep(50);
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
    await until(async () => proxy.connections === 0);
  });

  test('that cannot be fetched in time is named as what it is', async () => {
    secrets.putSecret(SECRET, url());
    secrets.delayMs = 3_300;
    const handler = createPostConfirmationHandler({
      database: { table: 'public.users', login: { secretArn: SECRET, endpointUrl: secrets.url, credentials } },
      columns: { cognito_user_id: 'sub' },
      log: (line) => log.push(line),
    });
    await sleep(1_100); // past what counts as a cold start, whose initialisation would be subtracted
    expect((await signUp(handler, 3_600)).line).toMatchObject({ error: { failure: 'transient', code: 'ETIMEDOUT', message: expect.stringMatching(/^Secrets Manager could not be reached/) } });
  });

  test('without a password fails by name where the server wants one', async () => {
    expect((await signUp(handlerWith({}, { connectionString: url({ password: '' }) }))).line).toMatchObject({ error: { name: 'ConfigurationError', message: expect.stringMatching(/^the server wants a password/) } });
  });

  test('takes the server\'s options from the connection URL', async () => {
    await observer.query('create schema if not exists app; create table if not exists app.members (id text primary key)');
    const handler = handlerWith({ columns: { id: 'sub' } }, { table: 'members', connectionString: `${url()}&options=${encodeURIComponent('-c search_path=app')}` });
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
  });

  test('asks a password function at each connection only', async () => {
    const password = jest.fn(async () => server.password);
    const ca = readFileSync(server.caFile, 'utf8');
    const handler = createPostConfirmationHandler({
      database: { host: 'localhost', port: proxy.port, databaseName: 'app', user: server.user, password, ca, table: 'public.users' },
      columns: { cognito_user_id: 'sub' },
      log: (line) => log.push(line),
    });
    await signUp(handler);
    expect((await signUp(handler)).line).toMatchObject({ outcome: 'written' });
    expect(password).toHaveBeenCalledTimes(1);
  });
});
