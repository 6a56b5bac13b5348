import { codes, useChecking } from './checking';
import type { CheckTarget } from '../../lambda-src/check';
import { COLUMN_KINDS, type ColumnKindName } from '../../src/private/plan';
import { bulkStore, column, singleStore, write } from '../stores/postgres/stores';

const VALUES: Readonly<Record<ColumnKindName, string>> = {
  text: 'sad', boolean: 'true', integer: '42', numeric: '0.1', uuid: '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10', date: '2026-03-04', timestamp: '2026-03-04T05:06:07.089Z', json: '{"a": 1}',
};

/** Which kinds a type takes. */
const TYPES: Readonly<Record<string, readonly ColumnKindName[]>> = {
  'text': COLUMN_KINDS,
  'varchar': COLUMN_KINDS,
  'varchar(40)': COLUMN_KINDS,
  'char(40)': COLUMN_KINDS,
  'citext': COLUMN_KINDS,
  'short': COLUMN_KINDS,
  'mood': ['text'],
  'moody': [],
  'boolean': ['boolean'],
  'smallint': ['integer'],
  'integer': ['integer'],
  'bigint': ['integer'],
  'numeric(10, 2)': ['integer', 'numeric'],
  'real': ['numeric'],
  'double precision': ['numeric'],
  'uuid': ['uuid'],
  'date': ['date'],
  'timestamp': ['date', 'timestamp'],
  'timestamptz': ['date', 'timestamp'],
  'json': ['json'],
  'jsonb': ['json'],
  'text[]': [],
  'uuid[]': [],
  'bytea': [],
  'inet': [],
  'interval': [],
  'xml': [],
  'hstore': [],
  'point': [],
};

describe.each([14, 18] as const)('PostgreSQL %d', (version) => {
  const database = useChecking(version);
  const arrange = (type: string) => database.arrange(
    "create extension citext; create extension hstore; create type mood as enum ('sad', '42'); create domain short as varchar(50); create domain moody as mood",
    `create table users (id text primary key, c ${type})`,
  );

  test.each(Object.entries(TYPES))('%s takes %j, and both stores write them once', async (type, kinds) => {
    await arrange(type);
    for (const kind of COLUMN_KINDS) {
      const target: CheckTarget = { table: 'users', columns: { id: 'sub', c: { from: 'custom:c', kind } } };
      expect([kind, codes(await database.check(target, database.connectionString()))]).toEqual([kind, [...(kinds.includes(kind) ? [] : ['error kindMismatch']), 'warning loginIsSuperuser']]);
      if (!kinds.includes(kind)) continue;
      const writing = { connectionString: database.connectionString(), table: 'users', columns: [column('id'), column('c', { kind })] };
      for (const store of [singleStore(writing), bulkStore(writing)]) {
        for (const outcome of ['written', 'unchanged']) expect([kind, await write(store, [{ id: kind, c: VALUES[kind] }])]).toEqual([kind, [outcome]]);
        await database.client.query('truncate users');
      }
    }
  });

  test('what Cognito always writes as booleans and JSON is written once as text, by both stores', async () => {
    await database.arrange('create table users (id text primary key, email_verified boolean, identities jsonb, kept json)');
    const target: CheckTarget = { table: 'users', columns: { id: 'sub', email_verified: 'email_verified', identities: 'identities', kept: { from: 'identities', write: 'whileNull' } } };
    expect(codes(await database.check(target, database.connectionString()))).toEqual(['warning loginIsSuperuser']);
    const columns = [column('id'), column('email_verified'), column('identities'), column('kept', { write: 'whileNull' })];
    const writing = { connectionString: database.connectionString(), table: 'users', columns };
    for (const store of [singleStore(writing), bulkStore(writing)]) {
      const user = { id: 'a', email_verified: 'true', identities: '[{"userId": "1"}]', kept: '[]' };
      for (const outcome of ['written', 'unchanged']) expect(await write(store, [user])).toEqual([outcome]);
      await database.client.query('truncate users');
    }
  });

  test.each([
    ['uuid', 'sub', true], ['varchar(36)', 'sub', true], ['char(36)', 'sub', true], ['varchar(35)', 'sub', false], ['mood', 'sub', false], ['integer', 'sub', false],
    ['integer', { constant: '42' }, true], ['integer', { constant: 'sad' }, false], ['mood', { constant: 'sad' }, true], ['mood', { constant: 'glad' }, false],
    ['varchar(2)', { constant: 'sad' }, false], ['jsonb', { constant: '{}' }, true], ['timestamptz', 'observedAt', true], ['varchar(20)', 'observedAt', false], ['jsonb', 'attributes', true],
    ['boolean', 'email_verified', true], ['boolean', 'phone_number_verified', true], ['boolean', 'email', false], ['integer', 'email_verified', false],
    ['jsonb', 'identities', true], ['json', 'identities', false], ['json', { from: 'identities', write: 'whileNull' }, true], ['json', { from: 'identities', kind: 'json' }, true], ['jsonb', 'name', false],
    ['text', { from: 'sub', prefix: 'USER#' }, true], ['uuid', { from: 'sub', prefix: 'USER#' }, false], ['varchar(41)', { from: 'sub', prefix: 'USER#' }, true], ['varchar(40)', { from: 'sub', prefix: 'USER#' }, false],
    ['varchar(37)', { from: 'sub', prefix: '😀' }, true], ['bigint', { from: 'sub', prefix: '4' }, false], ['mood', { constant: 'd', prefix: 'sa' }, true], ['mood', { constant: 'd', prefix: 'gla' }, false],
    ['moody', { from: 'custom:c', write: 'onInsert' }, true], ['boolean', 'enabled', true], ['integer', 'enabled', false],
  ] as const)('whether %s takes %j: %s', async (type, plan, takes) => {
    await arrange(type);
    const target: CheckTarget = { table: 'users', key: ['id'], columns: { id: 'sub', c: plan } };
    expect(codes(await database.check(target, database.connectionString()))).toEqual([...(takes ? [] : ['error kindMismatch']), 'warning loginIsSuperuser']);
  });
});
