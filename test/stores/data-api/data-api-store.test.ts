import { CLUSTER, useDataApi } from './cluster';
import { Deadline } from '../../../lambda-src/deadline';
import type { UserStoreError, UserSyncError } from '../../../lambda-src/errors';
import type { Refusal } from '../../support/data-api';
import { useDatabase } from '../../support/database';
import { bulkStore, column, row, write } from '../postgres/stores';
import { CASES, TYPES } from '../postgres/value-types';

const TABLES = `${TYPES}
  create table users (
    id uuid primary key,
    email text check (email <> 'poison'),
    name varchar(20),
    plan text,
    profile jsonb,
    groups text[],
    seen_at timestamptz,
    number serial
  )`;

const database = useDatabase({ tables: TABLES });
const dataApi = useDataApi(database);
const id = (number: number) => `a0eebc99-9c0b-4ef8-bb6d-${String(number).padStart(12, '0')}`;
const all = [column('id', { kind: 'uuid' }), column('email'), column('name', { write: 'whileNull' }), column('plan', { write: 'onInsert' })];
const storeOf = (columns = all) => dataApi.storeOf('public.users', columns);
const users = (sql = 'id, email, name, plan') => database.rows(`select ${sql} from users order by id`);

beforeEach(async () => {
  await database.client.query('truncate users restart identity');
  dataApi.api.delayMs = 0;
  (dataApi.api.requests as number[]).length = 0;
});

describe('rows are', () => {
  test('inserted, updated, or left unchanged', async () => {
    const store = storeOf();
    expect(await write(store, [{ id: id(1), email: 'ada@x', name: null, plan: 'free' }])).toEqual(['written']);
    expect(await write(store, [{ id: id(1), email: 'ada@x', name: null, plan: 'pro' }])).toEqual(['unchanged']);
    expect(await write(store, [{ id: id(1), email: 'ada@y', name: 'Ada', plan: 'pro' }, { id: id(2), email: null, name: '', plan: null }])).toEqual(['written', 'written']);
    expect(await users()).toEqual([{ id: id(1), email: 'ada@y', name: 'Ada', plan: 'free' }, { id: id(2), email: null, name: '', plan: null }]);
  });

  test('inserted only, where a row that is there is to stay', async () => {
    await write(storeOf(), [{ id: id(1), email: 'ada@x', name: null, plan: 'free' }]);
    expect(await storeOf().insert([row({ id: id(1), email: 'old', name: 'A', plan: null }), row({ id: id(2), email: 'b', name: null, plan: null })], Deadline.after(5_000))).toEqual(['unchanged', 'written']);
    expect(await users('email')).toEqual([{ email: 'ada@x' }, { email: 'b' }]);
  });

  test('owned column by column, and keep what is not known', async () => {
    const store = storeOf();
    await write(store, [{ id: id(1), email: '1', name: '1', plan: '1' }]);
    expect(await write(store, [{ id: id(1), email: '2', name: '2', plan: '2' }])).toEqual(['written']);
    expect(await write(store, [{ id: id(1), name: '3' }, { id: id(1), email: null }])).toEqual(['unchanged', 'written']);
    expect(await users()).toEqual([{ id: id(1), email: null, name: '1', plan: '1' }]);
  });

  test('kept from older observations', async () => {
    const store = storeOf([column('id'), column('email'), column('seen_at', { kind: 'timestamp', isVersion: true })]);
    const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
    expect(await write(store, [{ id: id(1), email: '5', seen_at: at(5) }])).toEqual(['written']);
    expect(await write(store, [{ id: id(1), email: '4', seen_at: at(4) }])).toEqual(['unchanged']);
    expect(await write(store, [{ id: id(1), email: '6', seen_at: at(6) }])).toEqual(['written']);
    expect(await users('email')).toEqual([{ email: '6' }]);
  });

  test('written with JSON, arrays and null', async () => {
    const store = storeOf([column('id'), column('profile', { kind: 'json' }), column('groups')]);
    const first = { id: id(1), profile: '{"a": ":p1 $1", "b": [null, "it\'s"]}', groups: '{"a,b",":p2",NULL}' };
    expect(await write(store, [first, { id: id(2), profile: null, groups: null }])).toEqual(['written', 'written']);
    expect(await write(store, [{ ...first, profile: '{"b": [null, "it\'s"], "a": ":p1 $1"}' }])).toEqual(['unchanged']);
    expect(await users('profile, groups')).toEqual([{ profile: { a: ':p1 $1', b: [null, 'it\'s'] }, groups: ['a,b', ':p2', null] }, { profile: null, groups: null }]);
  });

  test('600 at once, and again without a value of a sequence', async () => {
    const rows = Array.from({ length: 600 }, (_, index) => ({ id: id(index), email: `${index}@x`, name: null, plan: null }));
    const store = storeOf();
    expect(new Set(await write(store, rows))).toEqual(new Set(['written']));
    expect(new Set(await write(store, rows))).toEqual(new Set(['unchanged']));
    expect(await database.rows('select count(*)::integer, max(number) from users')).toEqual([{ count: 600, max: 600 }]);
    expect((await database.rows('select last_value::integer from users_number_seq'))[0].last_value).toBe(600);
  });

  test('written but for the one that PostgreSQL refuses, whose error names no value', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => ({ id: id(index), email: index === 25 ? 'poison' : 'fine', name: null, plan: null }));
    const results = await write(storeOf(), rows);
    expect(results.flatMap((result, index) => (result === 'written' ? [] : [index]))).toEqual([25]);
    expect(results[25]).toMatchObject({ name: 'UserStoreError', failure: 'permanent', code: '23514', message: 'the row breaks a constraint of the table (23514)' });
    expect(JSON.stringify([results[25], (results[25] as Error).message])).not.toContain('poison');
  });

  test('halved where they are more than 4 MiB together, and refused where one is alone', async () => {
    const rows = [...Array.from({ length: 5 }, (_, index) => ({ id: id(index), email: 'x'.repeat(1_000_000) })), { id: id(9), email: 'y'.repeat(5_000_000) }];
    const results = await write(storeOf(), rows);
    expect(results).toEqual([...Array(5).fill('written'), expect.objectContaining({ failure: 'permanent', code: 'RequestTooLarge' })]);
    expect(await users('id')).toHaveLength(5);
    expect(Math.max(...dataApi.api.requests)).toBeLessThan(4 * 1024 * 1024);
  });

  test('halved where the service itself finds them too large', async () => {
    const store = storeOf();
    await write(store, [{ id: id(0), email: '' }]);
    dataApi.api.refusals.push('RequestEntityTooLargeException', 'RequestEntityTooLargeException');
    expect(await write(store, [{ id: id(1), email: '1' }, { id: id(2), email: '2' }])).toEqual(['written', 'written']);
  });
});

test.each(CASES)('a value of type %s is written, or refused, as over a connection', async (type, ...values) => {
  const kind = /^json/.test(type) && !type.endsWith('[]') ? 'json' as const : 'text' as const;
  const columns = [column('id'), column('value', { kind, write: type === 'xml' ? 'onInsert' : 'always' })];
  await database.client.query(`create table by_api (id text primary key, value ${type}); create table by_connection (like by_api including all)`);
  try {
    const rows = [...values, null].map((value, index) => ({ id: `${index}`, value }));
    const told = await Promise.all([
      { table: 'by_api', store: dataApi.storeOf('by_api', columns) },
      { table: 'by_connection', store: bulkStore({ connectionString: database.connectionString(), table: 'by_connection', columns }) },
    ].map(async ({ table, store }) => {
      const results = [await write(store, rows), await write(store, rows)].flat();
      return [results.map((result) => (typeof result === 'string' ? result : (result as UserStoreError).code)), await database.rows(`select id, value::text from ${table} order by id`)];
    }));
    expect(told[0]).toEqual(told[1]);
  } finally {
    await database.client.query('drop table by_api, by_connection');
  }
});

describe('names', () => {
  test('that need quotes, and look like PostgreSQL\'s parameters, are written', async () => {
    const names = ['Id "1"', '$1', 'a\'b', '$$', '::', 'ordinal', 'excluded'];
    await database.client.query(`create table "a $1 ""table""" (${names.map((name) => `"${name.replaceAll('"', '""')}" text`).join(', ')}, unique ("Id ""1"""))`);
    const store = dataApi.storeOf('"a $1 ""table"""', names.map((name) => column(name)), ['Id "1"']);
    const rows = [1, 2].map((number) => Object.fromEntries(names.map((name) => [name, `${name} ${number}`])));
    expect(await write(store, rows)).toEqual(['written', 'written']);
    expect(await write(store, [{ ...rows[0], $1: 'new' }, rows[1]])).toEqual(['written', 'unchanged']);
    expect(await database.rows('select * from "a $1 ""table""" order by 1')).toEqual([{ ...rows[0], $1: 'new' }, rows[1]]);
  });

  test('that look like the service\'s parameters are refused', async () => {
    await database.client.query('create table hostile (id text primary key, ":p1" text)');
    const store = dataApi.storeOf('hostile', [column('id'), column(':p1')]);
    await expect(write(store, [{ 'id': 'a', ':p1': 'b' }])).rejects.toMatchObject({ name: 'ConfigurationError', message: expect.stringMatching(/^got ":p1" in a statement: expected no colon/) });
    expect(await database.rows('select * from hostile')).toEqual([]);
  });
});

describe('what goes wrong is judged', () => {
  const failure = async (store = storeOf(), millis = 1_500): Promise<UserSyncError> => write(store, [{ id: id(1), email: 'ada@example.com' }], millis).then(() => { throw new Error('got no error'); }, (error) => error);

  test.each<[Refusal, string, string]>([
    ['DatabaseResumingException', 'transient', 'the cluster was paused and is waking up'],
    ['StatementTimeoutException', 'transient', 'the statement took longer'],
    ['AccessDeniedException', 'misconfigured', 'check that the role may call rds-data:ExecuteStatement'],
    ['HttpEndpointNotEnabledException', 'misconfigured', 'the cluster has no Data API'],
    ['DatabaseNotFoundException', 'misconfigured', 'does not know the cluster'],
    ['InvalidSecretException', 'misconfigured', 'could not log in by the secret'],
  ])('%s is %s', async (refusal, kind, message) => {
    dataApi.api.refusals.push(refusal);
    expect(await failure()).toMatchObject({ failure: kind, code: refusal, message: expect.stringContaining(message) });
    expect(dataApi.api.requests).toHaveLength(1);
    expect(await write(storeOf(), [{ id: id(1), email: 'ada@example.com' }])).toEqual(['written']);
  });

  test.each<Refusal>(['ThrottlingException', 'DatabaseUnavailableException', 'InternalServerErrorException'])('%s passes while it is asked again', async (refusal) => {
    dataApi.api.refusals.push(refusal, refusal);
    expect(await write(storeOf(), [{ id: id(1), email: 'ada@example.com' }])).toEqual(['written']);
  });

  test.each<[string, () => ReturnType<typeof storeOf>, object]>([
    ['a table that is not there', () => dataApi.storeOf('nothing', all), { failure: 'misconfigured', code: '42P01' }],
    ['a key without a unique index', () => dataApi.storeOf('users', all, ['email']), { failure: 'misconfigured', code: '42P10' }],
    ['a database that is not there', () => dataApi.storeOf('users', all, ['id'], { databaseName: 'nope' }), { failure: 'misconfigured', code: '3D000' }],
    ['a cluster that is not there', () => dataApi.storeOf('users', all, ['id'], { clusterArn: CLUSTER.clusterArn.replace('users', 'nope') }), { failure: 'misconfigured', code: 'DatabaseNotFoundException' }],
  ])('%s', async (_case, store, error) => {
    expect(await failure(store())).toMatchObject(error);
  });

  test('an ARN that is none', () => {
    expect(() => dataApi.storeOf('users', all, ['id'], { clusterArn: 'users' })).toThrow('got cluster "users": expected the full ARN of a cluster of Aurora');
  });

  test('a SQLSTATE is taken from where the service writes it, and not from a value', async () => {
    await database.client.query('create unique index emails_once on users (email)');
    try {
      await write(storeOf(), [{ id: id(1), email: 'a; SQLState: 42501' }]);
      const [result] = await write(storeOf(), [{ id: id(2), email: 'a; SQLState: 42501' }]);
      expect(result).toMatchObject({ failure: 'permanent', code: '23505' });
    } finally {
      await database.client.query('drop index emails_once');
    }
  });

  test('an answer that does not come in time', async () => {
    dataApi.api.delayMs = 1_000;
    const startedAt = performance.now();
    expect(await failure(storeOf(), 300)).toMatchObject({ failure: 'transient', code: 'ETIMEDOUT' });
    expect(performance.now() - startedAt).toBeLessThan(900);
  });
});
