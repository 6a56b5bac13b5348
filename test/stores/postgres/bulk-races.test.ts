import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { column, write } from './stores';
import { bulkPostgresStore } from '../../../lambda-src/stores/postgres/bulk-postgres-store';
import { statementRunner } from '../../../lambda-src/stores/postgres/database-options';
import { useDatabase } from '../../support/database';

// Never analysed: PostgreSQL may join by hash after that, and lock in the table's order. Such a deadlock is tried again
// (conflicts.test.ts); here it is our statement's own order that is looked at.
const database = useDatabase({ tables: 'create table users (id text primary key, email text, seen_at timestamptz) with (autovacuum_enabled = false)' });
const columns = [column('id'), column('email')];
const versioned = [...columns, column('seen_at', { kind: 'timestamp', isVersion: true })];

/** Each with connections of its own. */
function storeOf(mapped = columns, options: Parameters<typeof database.connectionString>[0] = {}) {
  return bulkPostgresStore(statementRunner({ connectionString: database.connectionString(options), table: 'users' }), 'users', ['id'], mapped);
}
const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
const users = () => database.rows('select id, email from users order by id');
const many = (count: number, email: string) => Array.from({ length: count }, (_, index) => ({ id: `user-${String(index).padStart(5, '0')}`, email }));
const connections = async () => Number((await database.rows("select count(*) from pg_stat_activity where application_name = 'cognito-user-sync' and datname = current_database()"))[0].count);
const someoneWaits = async () => {
  while ((await database.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length === 0) await sleep(5);
};
const until = async (condition: () => Promise<boolean>) => {
  while (!await condition()) await sleep(5);
};

beforeEach(async () => {
  await database.client.query("truncate users; select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cognito-user-sync' and datname = current_database()");
  await until(async () => await connections() === 0);
});

/** What somebody else does in a transaction that ends only when our statement waits for it. */
async function meanwhile(sql: string, work: () => Promise<unknown>): Promise<unknown> {
  const other = new Client({ connectionString: database.connectionString() });
  await other.connect();
  try {
    await other.query(`begin; ${sql}`);
    const working = work();
    await someoneWaits();
    await other.query('commit');
    return await working;
  } finally {
    await other.end();
  }
}

describe.each([['first'], ['later']])('in the %s call of a store, somebody else', (call) => {
  /** Only the first statement of a store asks for what to do after a conflict. */
  const storeIn = async (mapped = columns) => {
    const store = storeOf(mapped);
    if (call === 'later') await write(store, [{ id: 'a', email: 'ours' }]);
    await database.client.query('truncate users');
    return store;
  };

  test('inserts the same key meanwhile: one row is there, and it is right', async () => {
    const store = await storeIn();
    const results = await meanwhile("insert into users values ('b', 'theirs')", () => write(store, [{ id: 'a', email: 'ours' }, { id: 'b', email: 'ours' }, { id: 'c', email: 'ours' }]));
    expect(results).toEqual(['written', 'written', 'written']);
    expect(await users()).toEqual(['a', 'b', 'c'].map((id) => ({ id, email: 'ours' })));
  });

  test('inserts the very same row meanwhile: it is left alone', async () => {
    const store = await storeIn();
    const results = await meanwhile("insert into users values ('b', 'ours')", () => write(store, [{ id: 'b', email: 'ours' }]));
    expect(results).toEqual(['unchanged']);
  });

  test.each([
    ['inserts', 'insert into users values'],
    ['updates', "insert into users values ('a', 'first', null), ('b', 'first', null); commit; begin; update users set (id, email, seen_at) ="],
  ])('%s a newer observation meanwhile: it stays', async (_case, sql) => {
    const where = sql.startsWith('insert into users values (') ? " where id = 'b'" : '';
    const store = await storeIn(versioned);
    const results = await meanwhile(`${sql} ('b', 'newer', '${at(9)}')${where}`, () => write(store, [{ id: 'a', email: 'ours', seen_at: at(5) }, { id: 'b', email: 'ours', seen_at: at(5) }]));
    expect(results).toEqual(['written', 'unchanged']);
    expect(await users()).toEqual([{ id: 'a', email: 'ours' }, { id: 'b', email: 'newer' }]);
  });

  test('updates to an older observation meanwhile: ours wins', async () => {
    const store = await storeIn(versioned);
    await database.client.query("insert into users values ('b', 'first', null)");
    const results = await meanwhile(`update users set email = 'older', seen_at = '${at(1)}' where id = 'b'`, () => write(store, [{ id: 'b', email: 'ours', seen_at: at(5) }]));
    expect(results).toEqual(['written']);
    expect(await users()).toEqual([{ id: 'b', email: 'ours' }]);
  });
});

test('two that write the same rows at the same time, in opposite orders, never deadlock', async () => {
  const stores = [storeOf(), storeOf()];
  for (let round = 0; round < 30; round++) {
    const all = await Promise.all(stores.map((store, index) => {
      const rows = many(900, `${round} ${index}`);
      return write(store, index ? rows.reverse() : rows);
    }));
    expect(new Set(all.flat())).toEqual(new Set(['written']));
  }
  const [{ deadlocks }] = await database.rows('select deadlocks::integer from pg_stat_database where datname = current_database()');
  expect(deadlocks).toBe(0);
}, 30_000);

describe('connections', () => {
  test('are one for as many rows as one statement takes, and two for more', async () => {
    const store = storeOf();
    await write(store, many(500, 'one'));
    expect(await connections()).toBe(1);
    await write(store, many(501, 'two'));
    expect(await connections()).toBe(2);
    await write(store, many(1_500, 'three'));
    expect(await connections()).toBe(2);
    expect(await users()).toEqual(many(1_500, 'three'));
  });

  test('may be one only: then all is written on it', async () => {
    const role = `lonely_${database.name}`;
    await database.client.query(`create role ${role} login password 'secret' connection limit 1; grant select, insert, update on users to ${role}`);
    try {
      expect(new Set(await write(storeOf(columns, { user: role, password: 'secret' }), many(2_000, 'written')))).toEqual(new Set(['written']));
      expect(await users()).toHaveLength(2_000);
    } finally {
      await database.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
      await database.client.query(`drop owned by ${role}; drop role ${role}`);
    }
  });

  test('that break between two calls are replaced', async () => {
    const store = storeOf();
    await write(store, many(1_000, 'before'));
    await database.client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cognito-user-sync' and datname = current_database()");
    expect(new Set(await write(store, many(1_000, 'after')))).toEqual(new Set(['written']));
  });
});

test('a table that is locked for longer than there is time fails the call as a whole, in time', async () => {
  await database.client.query('begin; lock table users');
  try {
    const startedAt = performance.now();
    await expect(write(storeOf(), many(1_200, 'late'), 400)).rejects.toMatchObject({ failure: 'transient', message: 'PostgreSQL did not answer in time' });
    expect(performance.now() - startedAt).toBeLessThan(700);
  } finally {
    await database.client.query('rollback');
  }
});
