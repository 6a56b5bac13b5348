import type { LogLine } from '../../lambda-src/delivery/log';
import { createPostConfirmationHandler, type PostConfirmationOptions } from '../../lambda-src/handler';
import { useDatabase } from '../support/database';
import { confirmedSignUp, recordedEvent } from '../support/events';

/** Seed 000's mapping onto its own table. */
const COLUMNS = { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'preferred_username' };
const SUB = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const ADA = { cognito_user_id: SUB, email: 'ada@example.com', display_name: 'Ada Lovelace', handle: 'ada' };

describe.each([14, 18] as const)('on PostgreSQL %d', (version) => {
  const database = useDatabase({ version });
  let log: LogLine[];

  beforeEach(async () => {
    log = [];
    await database.client.query('truncate public.users');
  });

  const handlerWith = (options: Partial<PostConfirmationOptions> = {}) => createPostConfirmationHandler({
    database: { connectionString: database.connectionString(), table: 'public.users' },
    columns: COLUMNS,
    log: (line) => log.push(line),
    ...options,
  });
  const rows = () => database.rows('select * from public.users order by cognito_user_id');
  const versionsOfRows = () => database.rows('select xmin::text, ctid::text from public.users');

  test.each(['PostConfirmation_ConfirmSignUp', 'PostConfirmation_ConfirmForgotPassword'])('%s writes the whole row and answers with the very event', async (name) => {
    const event = recordedEvent(name);
    expect(await handlerWith()(event)).toBe(event);
    expect(event).toEqual(recordedEvent(name));
    expect(await rows()).toEqual([ADA]);
    expect(log).toEqual([{ level: 'INFO', message: 'row written', sub: SUB, triggerSource: name, outcome: 'written', milliseconds: expect.any(Number), written: 1, _aws: expect.anything() }]);
  });

  test.each([
    'PostAuthentication_Authentication', 'PreSignUp_SignUp', 'PreSignUp_AdminCreateUser', 'PreSignUp_ExternalProvider',
    'TokenGeneration_HostedAuth', 'TokenGeneration_Authentication', 'TokenGeneration_NewPasswordChallenge', 'TokenGeneration_AuthenticateDevice',
    'TokenGeneration_RefreshTokens', 'TokenGeneration_ClientCredentials', 'UserMigration_Authentication', 'UserMigration_ForgotPassword',
    'InboundFederation_ExternalProvider',
  ])('%s passes through untouched, with a log line', async (name) => {
    const event = recordedEvent(name);
    expect(await handlerWith()(event)).toBe(event);
    expect(event).toEqual(recordedEvent(name));
    expect(await rows()).toEqual([]);
    expect(log).toEqual([expect.objectContaining({ level: 'INFO', outcome: 'ignored', triggerSource: name })]);
  });

  test.each([
    ['seed-002-post-confirmation', { cognito_user_id: '1d3e62b0-1dc6-4fed-9872-b67bf9gggggg', email: 'abc@gmail.com', display_name: null, handle: null }],
    ['seed-003-post-confirmation', { cognito_user_id: '12345678-1234-1234-1234-123456789012', email: 'testuser@example.com', display_name: 'Test User', handle: null }],
    ['federated-user', { ...ADA, handle: null }],
    ['email-alias', { ...ADA, display_name: null, handle: null }],
    ['only-sub', { cognito_user_id: SUB, email: null, display_name: null, handle: null }],
    ['emoji-rtl-quotes', { cognito_user_id: SUB, email: 'o\'brien+"quoted\\\\"@example.com', display_name: '👩‍👩‍👧‍👦 عائشة بنت‏ محمد 𝒜', handle: "'; drop table users; --" }],
  ])('the event %s becomes exactly its row', async (name, row) => {
    await handlerWith()(recordedEvent(name));
    expect(await rows()).toEqual([row]);
  });

  test('50 custom attributes of 2,048 bytes each arrive whole', async () => {
    const custom = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`custom:a${index}`, `${index}-`.padEnd(4, 'x') + 'ä'.repeat(1022)]));
    await database.client.query('create table if not exists public.wide (id text primary key, everything jsonb, last text)');
    await handlerWith({
      database: { connectionString: database.connectionString(), table: 'public.wide' },
      columns: { id: 'sub', everything: 'attributes', last: 'custom:a49' },
    })(confirmedSignUp({ sub: SUB, ...custom }));
    expect(await database.rows('select * from public.wide')).toEqual([{ id: SUB, everything: { sub: SUB, ...custom }, last: custom['custom:a49'] }]);
  });

  test('a replayed event changes nothing, and writes nothing', async () => {
    const handler = handlerWith();
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    const before = await versionsOfRows();
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    await handler(recordedEvent('PostConfirmation_ConfirmForgotPassword'));
    expect(await rows()).toEqual([ADA]);
    expect(await versionsOfRows()).toEqual(before);
    expect(log.map(({ outcome }) => outcome)).toEqual(['written', 'unchanged', 'unchanged']);
  });

  test('50 handlers that race for one user leave one row', async () => {
    await Promise.all(Array.from({ length: 50 }, () => handlerWith()(recordedEvent('PostConfirmation_ConfirmSignUp'))));
    expect(await rows()).toEqual([ADA]);
    expect(log.map(({ outcome }) => outcome).filter((outcome) => outcome === 'written')).toHaveLength(1);
    expect(log.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(49);
  }, 60_000);

  test('forgot-password heals a missing row, and leaves what the application owns alone', async () => {
    await database.client.query('create table if not exists public.profiles (id text primary key, email text, nick text, plan text, bio text default \'new here\')');
    const handler = handlerWith({
      database: { connectionString: database.connectionString(), table: 'public.profiles' },
      columns: { id: 'sub', email: 'email', nick: { from: 'name', write: 'whileNull' }, plan: { from: 'custom:plan', write: 'onInsert' } },
    });
    await handler(recordedEvent('PostConfirmation_ConfirmForgotPassword'));
    expect(await database.rows('select * from public.profiles')).toEqual([{ id: SUB, email: 'ada@example.com', nick: 'Ada Lovelace', plan: 'gold', bio: 'new here' }]);

    await database.client.query("update public.profiles set email = 'stale@example.com', nick = 'Countess', plan = 'platinum', bio = 'mathematician'");
    await handler(recordedEvent('PostConfirmation_ConfirmForgotPassword'));
    expect(await database.rows('select * from public.profiles')).toEqual([{ id: SUB, email: 'ada@example.com', nick: 'Countess', plan: 'platinum', bio: 'mathematician' }]);

    await database.client.query('update public.profiles set nick = null');
    await handler(recordedEvent('PostConfirmation_ConfirmForgotPassword'));
    expect(await database.rows('select nick from public.profiles')).toEqual([{ nick: 'Ada Lovelace' }]);
  });

  test('every kind fits its column type, and json without an equality operator too', async () => {
    await database.client.query(`create table if not exists public.kinds (
      id uuid primary key, verified boolean, age integer, balance numeric(10,2), born date, updated timestamptz, tags text[], raw json, rawb jsonb, seen timestamptz, role text, pool text)`);
    const handler = handlerWith({
      database: { connectionString: database.connectionString(), table: 'kinds' },
      columns: {
        id: { from: 'sub', kind: 'uuid' },
        verified: { from: 'email_verified', kind: 'boolean' },
        age: { from: 'custom:age', kind: 'integer' },
        balance: { from: 'custom:balance', kind: 'numeric' },
        born: { from: 'birthdate', kind: 'date' },
        updated: { from: 'updated_at', kind: 'timestamp' },
        raw: { from: 'custom:raw', kind: 'json' },
        rawb: { from: 'custom:raw', kind: 'json' },
        role: { constant: 'USER' },
        pool: 'userPoolId',
      },
    });
    const event = confirmedSignUp({ 'sub': SUB.toUpperCase(), 'email_verified': 'true', 'custom:age': '36', 'custom:balance': '12.5', 'birthdate': '1815-12-10', 'updated_at': '1700000000', 'custom:raw': '{"b": 1, "a": [2]}' });
    await handler(event);
    await handler(event);
    expect(log.map(({ outcome, error }) => error ?? outcome)).toEqual(['written', 'unchanged']);
    expect(await database.rows('select id, verified, age, balance, born::text, updated, raw::text, rawb, role, pool from public.kinds')).toEqual([{
      id: SUB, verified: true, age: 36, balance: '12.50', born: '1815-12-10', updated: new Date(1_700_000_000_000), raw: '{"b": 1, "a": [2]}', rawb: { a: [2], b: 1 }, role: 'USER', pool: 'eu-west-1_Ex4mpLe01',
    }]);
  });

  test('an older observation never wins, and the stamp always advances', async () => {
    await database.client.query('create table if not exists public.versioned (id text primary key, email text, seen timestamptz)');
    const handler = handlerWith({
      database: { connectionString: database.connectionString(), table: 'versioned' },
      columns: { id: 'sub', email: 'email', seen: 'observedAt' },
    });
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    const [{ seen }] = await database.rows<{ seen: Date }>('select seen from public.versioned');
    await new Promise((resolve) => setTimeout(resolve, 5));
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    const [later] = await database.rows<{ seen: Date }>('select seen from public.versioned');
    expect(later.seen.getTime()).toBeGreaterThan(seen.getTime());

    await database.client.query("update public.versioned set seen = now() + interval '1 hour', email = 'newer@example.com'");
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    expect(await database.rows('select email from public.versioned')).toEqual([{ email: 'newer@example.com' }]);
    expect(log.map(({ outcome }) => outcome)).toEqual(['written', 'written', 'unchanged']);
  });

  test('a key of several columns tells users of several pools apart', async () => {
    await database.client.query('create table if not exists public.pooled (pool text, id text, email text, primary key (pool, id))');
    const handler = handlerWith({
      database: { connectionString: database.connectionString(), table: 'pooled', key: ['pool', 'id'] },
      columns: { pool: 'userPoolId', id: 'sub', email: 'email' },
    });
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    await handler({ ...recordedEvent('PostConfirmation_ConfirmSignUp'), userPoolId: 'eu-west-1_other' });
    expect(await database.rows('select pool from public.pooled order by pool')).toEqual([{ pool: 'eu-west-1_Ex4mpLe01' }, { pool: 'eu-west-1_other' }]);
  });

  test('a mapping of nothing but the key leaves a row that is there alone', async () => {
    const handler = handlerWith({ columns: { cognito_user_id: 'sub' } });
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    expect(log.map(({ outcome }) => outcome)).toEqual(['written', 'unchanged']);
  });

  test('hostile names of schema, table and columns are names and nothing else', async () => {
    await database.client.query('create schema if not exists "we""ird; drop schema public"');
    await database.client.query('create table if not exists "we""ird; drop schema public"."users.of $1 ""x""" ("id""; --" text primary key, "__proto__" text, "E mail" text)');
    const handler = handlerWith({
      database: { connectionString: database.connectionString(), table: '"we""ird; drop schema public"."users.of $1 ""x"""' },
      columns: JSON.parse('{"\\"id\\"\\"; --\\"": "sub", "__proto__": "name", "\\"E mail\\"": "email"}'),
    });
    await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
    expect(log.map(({ outcome, error }) => error ?? outcome)).toEqual(['written']);
    expect(await database.rows('select * from "we""ird; drop schema public"."users.of $1 ""x"""')).toEqual([
      Object.assign(JSON.parse('{"__proto__":"Ada Lovelace"}'), { 'id"; --': SUB, 'E mail': 'ada@example.com' }),
    ]);
  });

  describe('what cannot be written is one error line without any value, and sign-up goes on', () => {
    const unrecorded = async (event: object, options: Partial<PostConfirmationOptions> = {}) => {
      expect(await handlerWith(options)(event as never, { functionName: 'trigger' })).toBe(event);
      const [line] = log.slice(-1);
      expect(line).toMatchObject({ level: 'ERROR', outcome: 'unrecorded', unrecorded: 1, FunctionName: 'trigger' });
      expect(line._aws).toMatchObject({ CloudWatchMetrics: [{ Namespace: 'CognitoUserSync', Dimensions: [['FunctionName']], Metrics: [{ Name: 'unrecorded', Unit: 'Count' }] }] });
      expect(JSON.stringify(line)).not.toMatch(/ada@example|Lovelace|before|after\b/);
      return line.error;
    };
    const into = (table: string, columns: PostConfirmationOptions['columns']) => ({ database: { connectionString: database.connectionString(), table }, columns });

    test('an event without sub', async () => {
      expect(await unrecorded(confirmedSignUp({ email: 'ada@example.com' }))).toMatchObject({ name: 'TriggerEventError', failure: 'permanent' });
    });

    test.each([[{ triggerSource: 'PostConfirmation_ConfirmSignUp' }], [{ triggerSource: 'PostConfirmation_ConfirmSignUp', request: null }]])('an event without a request: %j', async (event) => {
      expect(await unrecorded(event)).toMatchObject({ name: 'TriggerEventError' });
    });

    test('a sub that is no UUID, for a uuid key', async () => {
      await database.client.query('create table if not exists public.by_uuid (id uuid primary key)');
      expect(await unrecorded(recordedEvent('seed-002-post-confirmation'), into('by_uuid', { id: 'sub' }))).toMatchObject({ name: 'UserStoreError', failure: 'permanent', code: '22P02' });
      expect(await unrecorded(recordedEvent('seed-002-post-confirmation'), into('by_uuid', { id: { from: 'sub', kind: 'uuid' } }))).toMatchObject({ name: 'ColumnValueError', failure: 'permanent', column: 'id' });
    });

    test('a NUL, which PostgreSQL refuses', async () => {
      expect(await unrecorded(recordedEvent('nul'))).toMatchObject({ name: 'UserStoreError', failure: 'permanent', code: '22021' });
    });

    test('a value that breaks a constraint', async () => {
      await database.client.query('create table if not exists public.strict (id text primary key, email text unique, name text not null, short varchar(3))');
      await database.client.query("insert into public.strict values ('other', 'ada@example.com', 'x') on conflict do nothing");
      const columns = { id: 'sub', email: 'email', name: 'name' };
      expect(await unrecorded(recordedEvent('PostConfirmation_ConfirmSignUp'), into('strict', columns))).toMatchObject({ code: '23505', failure: 'permanent', constraint: 'strict_email_key', table: 'strict' });
      expect(await unrecorded(recordedEvent('only-sub'), into('strict', columns))).toMatchObject({ code: '23502', failure: 'permanent', column: 'name' });
      expect(await unrecorded(recordedEvent('PostConfirmation_ConfirmSignUp'), into('strict', { id: 'sub', name: 'name', short: 'name' }))).toMatchObject({ code: '22001', failure: 'permanent' });
    });

    test.each<[string, string, Record<string, string>, string]>([
      ['a missing table', 'nowhere', COLUMNS, '42P01'],
      ['a missing column', 'public.users', { ...COLUMNS, nope: 'email' }, '42703'],
      ['a key without a unique index', 'public.users', { email: 'sub' }, '42P10'],
    ])('%s', async (_case, table, columns, code) => {
      expect(await unrecorded(recordedEvent('PostConfirmation_ConfirmSignUp'), into(table, columns))).toMatchObject({ name: 'UserStoreError', failure: 'misconfigured', code });
    });

    test('a missing privilege', async () => {
      await database.client.query(`drop role if exists nobody_${version}; create role nobody_${version} login password 'p'`);
      const connectionString = database.connectionString({ user: `nobody_${version}`, password: 'p' });
      expect(await unrecorded(recordedEvent('PostConfirmation_ConfirmSignUp'), { database: { connectionString, table: 'public.users' } })).toMatchObject({ failure: 'misconfigured', code: '42501' });
    });

    test('a wrong configuration, which is told while loading and with every event', async () => {
      expect(await unrecorded(recordedEvent('PostConfirmation_ConfirmSignUp'), { columns: { id: 'emial' } })).toMatchObject({ name: 'ConfigurationError', failure: 'misconfigured' });
      expect(log.map(({ message }) => message)).toEqual(['the configuration is wrong: no row will be written', 'neither the table nor a queue took this user']);
    });

    test('and the next user is written by the same handler', async () => {
      const handler = handlerWith();
      await handler(recordedEvent('nul'));
      await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
      expect(await rows()).toEqual([ADA]);
    });
  });
});
