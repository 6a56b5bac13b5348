import { Client } from 'pg';
import { bulkStore, column, singleStore, write } from './stores';
import { useDatabase } from '../../support/database';

const database = useDatabase({ tables: 'create table users (id text primary key, email text); create sequence tries' });
const columns = [column('id'), column('email')];
const stores = { 'one row': singleStore, 'many rows': bulkStore };
const tries = async () => Number((await database.rows("select nextval('tries')"))[0].nextval) - 1;

/** The first statements fail as they do where another transaction is in the way. */
async function conflicting(times: number, code: string): Promise<void> {
  await database.client.query(`alter sequence tries restart;
    create or replace function conflict() returns trigger language plpgsql as $$ begin
      if nextval('tries') <= ${times} then raise exception 'change conflicts with another transaction, please retry' using errcode = '${code}'; end if; return new;
    end $$;
    create or replace trigger conflict before insert or update on users for each row execute function conflict()`);
}

beforeEach(() => database.client.query('drop trigger if exists conflict on users; truncate users'));

describe.each(Object.entries(stores))('%s, while another transaction is in the way', (_many, storeOf) => {
  const store = () => storeOf({ connectionString: database.connectionString(), table: 'users', columns });

  test.each(['40001', '40P01', 'OC000', 'OC001'])('are written after all: %s', async (code) => {
    await conflicting(3, code);
    expect(await write(store(), [{ id: 'a', email: 'a@x' }])).toEqual(['written']);
    expect(await tries()).toBe(4);
    expect(await database.rows('select * from users')).toEqual([{ id: 'a', email: 'a@x' }]);
  });

  test.each(['40001', 'OC000'])('are not tried for ever: %s is transient then', async (code) => {
    await conflicting(1_000, code);
    await expect(write(store(), [{ id: 'a', email: 'a@x' }])).rejects.toMatchObject({ failure: 'transient', code, message: `another transaction was in the way (${code})` });
    expect(await tries()).toBe(5);
    expect(await database.rows('select * from users')).toEqual([]);
  });

  test('are not tried beyond the deadline', async () => {
    await write(store(), [{ id: 'b', email: 'b@x' }]);
    await conflicting(1_000, '40001');
    const startedAt = performance.now();
    await expect(write(store(), [{ id: 'a', email: 'a@x' }], 60)).rejects.toMatchObject({ failure: 'transient' });
    expect(performance.now() - startedAt).toBeLessThan(200);
  });

  test('are not tried again for anything else', async () => {
    await conflicting(1, '53200');
    await expect(write(store(), [{ id: 'a', email: 'a@x' }])).rejects.toMatchObject({ failure: 'transient', code: '53200' });
  });
});

test.each(Object.entries(stores))('a serializable transaction that PostgreSQL itself ends is done again: %s', async (_many, storeOf) => {
  const connectionString = `${database.connectionString()}&options=${encodeURIComponent('-c default_transaction_isolation=serializable')}`;
  const store = storeOf({ connectionString, table: 'users', columns });
  await write(store, [{ id: 'a', email: '1' }]);
  const other = new Client({ connectionString: database.connectionString() });
  await other.connect();
  await other.query("begin; update users set email = '2' where id = 'a'");
  const writing = write(store, [{ id: 'a', email: '3' }]);
  while ((await database.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length === 0) await database.client.query('select pg_stat_clear_snapshot()');
  await other.query('commit');
  await other.end();
  expect(await writing).toEqual(['written']);
  expect(await database.rows('select * from users')).toEqual([{ id: 'a', email: '3' }]);
});
