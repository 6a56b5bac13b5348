import { bulkStore, column, write } from './stores';
import { UserStoreError } from '../../../lambda-src/errors';
import { bulkPostgresStore } from '../../../lambda-src/stores/postgres/bulk-postgres-store';
import { statementRunner } from '../../../lambda-src/stores/postgres/database-options';
import { useDatabase } from '../../support/database';

const TABLES = `
  create table users (
    number serial,
    identity bigint generated always as identity,
    id text primary key,
    email text,
    name text,
    plan text,
    seen_at timestamptz,
    shout text generated always as (upper(email)) stored
  )`;

describe.each([14, 18] as const)('many rows in PostgreSQL %i', (version) => {
  const database = useDatabase({ version, tables: TABLES });
  const all = [column('id'), column('email'), column('name', { write: 'whileNull' }), column('plan', { write: 'onInsert' })];
  const storeOf = (columns = all) => bulkStore({ connectionString: database.connectionString(), table: 'public.users', columns });
  const users = (sql = 'id, email, name, plan') => database.rows(`select ${sql} from users order by id`);
  const versions = () => database.rows('select id, ctid::text, xmin::text from users order by id');
  const sequences = async () => (await database.rows('select last_value from users_number_seq union all select last_value from users_identity_seq')).map(({ last_value: last }) => Number(last));

  beforeEach(async () => {
    await database.client.query('truncate users restart identity');
  });

  test('are written, and their results are in the order of the rows', async () => {
    const store = storeOf();
    await write(store, [{ id: 'b', email: 'b@x', name: null, plan: 'free' }]);
    expect(await write(store, [
      { id: 'c', email: 'c@x', name: 'C', plan: 'free' },
      { id: 'b', email: 'b@x', name: null, plan: 'pro' },
      { id: 'a', email: null, name: '', plan: null },
    ])).toEqual(['written', 'unchanged', 'written']);
    expect(await users()).toEqual([
      { id: 'a', email: null, name: '', plan: null },
      { id: 'b', email: 'b@x', name: null, plan: 'free' },
      { id: 'c', email: 'c@x', name: 'C', plan: 'free' },
    ]);
  });

  test('are owned column by column: always, on insert, while null', async () => {
    const store = storeOf();
    await write(store, [{ id: 'a', email: '1', name: null, plan: '1' }, { id: 'b', email: '1', name: '1', plan: null }]);
    expect(await write(store, [{ id: 'a', email: '2', name: '2', plan: '2' }, { id: 'b', email: null, name: '2', plan: '2' }])).toEqual(['written', 'written']);
    expect(await users()).toEqual([{ id: 'a', email: '2', name: '2', plan: '1' }, { id: 'b', email: null, name: '1', plan: null }]);
  });

  test('of different shapes keep what they do not know', async () => {
    const store = storeOf();
    await write(store, [{ id: 'a', email: 'a@x', name: 'A', plan: 'free' }, { id: 'b', email: 'b@x', name: 'B', plan: 'free' }]);
    expect(await write(store, [{ id: 'a', email: 'new' }, { id: 'c', name: 'C' }, { id: 'b' }, { id: 'd', email: 'd@x', name: 'D', plan: 'pro' }]))
      .toEqual(['written', 'written', 'unchanged', 'written']);
    expect(await users()).toEqual([
      { id: 'a', email: 'new', name: 'A', plan: 'free' },
      { id: 'b', email: 'b@x', name: 'B', plan: 'free' },
      { id: 'c', email: null, name: 'C', plan: null },
      { id: 'd', email: 'd@x', name: 'D', plan: 'pro' },
    ]);
  });

  test('that are there already are left alone: no dead row, and no value of a sequence taken', async () => {
    const store = storeOf();
    const rows = Array.from({ length: 700 }, (_, index) => ({ id: `user-${index}`, email: `${index}@x`, name: 'N', plan: 'free' }));
    expect(new Set(await write(store, rows))).toEqual(new Set(['written']));
    const [before, numbers] = [await versions(), await sequences()];
    expect(numbers).toEqual([700, 700]);

    expect(new Set(await write(store, rows))).toEqual(new Set(['unchanged']));
    expect(new Set(await write(store, rows.slice(0, 1)))).toEqual(new Set(['unchanged']));
    expect(await versions()).toEqual(before);
    expect(await sequences()).toEqual(numbers);

    const changed = rows.map((row) => ({ ...row, email: 'changed' }));
    expect(new Set(await write(store, changed))).toEqual(new Set(['written']));
    expect(await write(store, [{ ...rows[0], email: 'alone' }])).toEqual(['written']);
    expect(await sequences()).toEqual(numbers);
  });

  test('an older observation never wins, and the stamp always advances', async () => {
    const store = storeOf([column('id'), column('email'), column('name', { write: 'whileNull' }), column('seen_at', { kind: 'timestamp', isVersion: true })]);
    const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
    await write(store, [{ id: 'a', email: 'a5', name: null, seen_at: at(5) }, { id: 'b', email: 'b5', name: 'B', seen_at: at(5) }, { id: 'c', email: 'c', name: null, seen_at: null }]);
    expect(await write(store, [
      { id: 'a', email: 'a4', name: 'old', seen_at: at(4) },
      { id: 'b', email: 'b5', name: 'B', seen_at: at(6) },
      { id: 'c', email: 'c1', name: 'C', seen_at: at(1) },
    ])).toEqual(['unchanged', 'written', 'written']);
    expect((await users('id, email, name, extract(second from seen_at)::integer as second'))).toEqual([
      { id: 'a', email: 'a5', name: null, second: 5 },
      { id: 'b', email: 'b5', name: 'B', second: 6 },
      { id: 'c', email: 'c1', name: 'C', second: 1 },
    ]);
  });

  test('a key twice in one call is written in the order of the rows, whatever their shapes', async () => {
    const store = storeOf();
    expect(await write(store, [
      { id: 'a', email: '1', name: null, plan: '1' },
      { id: 'b', email: '1', name: null, plan: null },
      { id: 'a', email: '2' },
      { id: 'a', email: '2', name: 'A', plan: '3' },
      { id: 'a', email: '2', name: 'B', plan: '4' },
    ])).toEqual(['written', 'written', 'written', 'written', 'unchanged']);
    expect(await users()).toEqual([{ id: 'a', email: '2', name: 'A', plan: '1' }, { id: 'b', email: '1', name: null, plan: null }]);
  });

  test('no rows are no statement', async () => {
    expect(await write(bulkPostgresStore({ run: () => Promise.reject(new Error('must not run')) }, 'users', ['id'], all), [])).toEqual([]);
  });

  test('a mapping of nothing but the key inserts once', async () => {
    const store = storeOf([column('id')]);
    expect(await write(store, [{ id: 'a' }, { id: 'b' }])).toEqual(['written', 'written']);
    expect(await write(store, [{ id: 'c' }, { id: 'b' }])).toEqual(['written', 'unchanged']);
  });

  test('a client of the application\'s own serves as well, with parsers of its own', async () => {
    const store = bulkPostgresStore(statementRunner({ queryable: database.client, table: 'users' }), 'users', ['id'], all);
    const rows = Array.from({ length: 1_200 }, (_, index) => ({ id: `user-${index}`, email: `"{},\\${index}`, name: 'NULL', plan: null }));
    expect(new Set(await write(store, rows))).toEqual(new Set(['written']));
    expect(new Set(await write(store, rows))).toEqual(new Set(['unchanged']));
    expect(await users('email, name, plan, shout')).toEqual(expect.arrayContaining([{ email: '"{},\\7', name: 'NULL', plan: null, shout: '"{},\\7' }]));
  });

  describe('rows that PostgreSQL refuses', () => {
    beforeAll(() => database.client.query("truncate users; alter table users add constraint fit_to_eat check (email <> 'poison'), add constraint names_once unique (name)"));
    afterAll(() => database.client.query('alter table users drop constraint fit_to_eat, drop constraint names_once'));

    test('have their error as result, and all others are written', async () => {
      const poison = [0, 17, 18, 400, 699];
      const rows = Array.from({ length: 700 }, (_, index) => ({ id: `user-${String(index).padStart(3, '0')}`, email: poison.includes(index) ? 'poison' : 'fine' }));
      const results = await write(storeOf(), rows);
      expect(results.flatMap((result, index) => (result === 'written' ? [] : [index]))).toEqual(poison);
      for (const index of poison) {
        expect(results[index]).toBeInstanceOf(UserStoreError);
        expect(results[index]).toMatchObject({ failure: 'permanent', code: '23514', constraint: 'fit_to_eat' });
      }
      expect(await users('id')).toHaveLength(695);
    });

    test.each([
      ['UA001', 'a state of the application\'s own', 'transient'],
      ['42501', 'row-level security', 'misconfigured'],
      ['P0001', 'raise', 'permanent'],
    ])('for one of many, by %s (%s), do not keep the others', async (code, _by, failure) => {
      await database.client.query(`create function refuse() returns trigger language plpgsql as $$ begin
        if new.id = 'r25' then raise exception 'no' using errcode = '${code}'; end if; return new; end $$;
        create trigger refuse before insert on users for each row execute function refuse()`);
      try {
        const results = await write(storeOf(), Array.from({ length: 50 }, (_, index) => ({ id: `r${index}`, email: null, name: null, plan: null })));
        expect(results.map((result) => (typeof result === 'string' ? result : result.failure))).toEqual(Array.from({ length: 50 }, (_, index) => (index === 25 ? failure : 'written')));
      } finally {
        await database.client.query('drop trigger refuse on users; drop function refuse()');
      }
    });

    test('all of them, for what is not in them, cost no statement each', async () => {
      await database.client.query(`create function refuse() returns trigger language plpgsql as $$ begin
        perform nextval('users_number_seq'); raise exception 'no' using errcode = '42501'; end $$;
        create trigger refuse before insert on users for each row execute function refuse()`);
      try {
        await expect(write(storeOf(), Array.from({ length: 64 }, (_, index) => ({ id: `r${index}`, email: null, name: null, plan: null })))).rejects.toMatchObject({ failure: 'misconfigured', code: '42501' });
        expect((await sequences())[0]).toBeLessThan(64);
      } finally {
        await database.client.query('drop trigger refuse on users; drop function refuse()');
      }
    });

    test('as they may by what others in the same call are: each name can be had once', async () => {
      const results = await write(storeOf(), [{ id: 'a', name: 'Ada' }, { id: 'b', name: 'Ada' }, { id: 'c', name: 'Bob' }]);
      expect(results).toEqual(['written', expect.objectContaining({ code: '23505', constraint: 'names_once' }), 'written']);
    });

    test('never show a value in an error, not even one that is the name of a constraint', async () => {
      const [result] = await write(storeOf(), [{ id: 'fit_to_eat', email: 'poison' }, { id: 'b', email: 'fine' }]);
      expect(result).toMatchObject({ code: '23514', constraint: undefined });
    });
  });

  test('a row that is there is updated even where the columns its source knows would not make a new one', async () => {
    await database.client.query("insert into users (id, email) values ('a', 'a@x'); alter table users alter email set not null");
    try {
      expect(await write(storeOf(), [{ id: 'a', name: 'A' }, { id: 'b', name: 'B' }])).toEqual(['written', expect.objectContaining({ failure: 'permanent', code: '23502', column: 'email' })]);
    } finally {
      await database.client.query('alter table users alter email drop not null');
    }
  });

  test('a statement that is not waited for any more ends on the server, too', async () => {
    const isWaiting = async () => {
      await database.client.query('select pg_stat_clear_snapshot()');
      return (await database.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length > 0;
    };
    const store = storeOf();
    // Connected before, so that all of the time is the statement's: connecting may take a second of a busy machine.
    await write(store, [{ id: 'early', email: null, name: null, plan: null }]);
    await database.client.query('begin; lock table users');
    try {
      let isOver = false;
      const writing = write(store, [{ id: 'late', email: null, name: null, plan: null }], 2_000).finally(() => { isOver = true; });
      writing.catch(() => undefined);
      while (!isOver && !await isWaiting());
      expect(isOver).toBe(false);
      await expect(writing).rejects.toMatchObject({ failure: 'transient' });
      // For ever, where nobody tells the server.
      while (await isWaiting());
    } finally {
      await database.client.query('rollback');
    }
    expect(await users('id')).toEqual([expect.objectContaining({ id: 'early' })]);
  });

  test('the least privileges are enough, and no more than one row needs', async () => {
    const role = `bulk_${database.name}`;
    await database.client.query(`create role ${role} login password 'secret';
      grant insert (id, email, name, plan), update (email, name), select (id, email, name) on users to ${role};
      grant usage on sequence users_number_seq to ${role}`);
    try {
      const store = bulkStore({ connectionString: database.connectionString({ user: role, password: 'secret' }), table: 'public.users', columns: all });
      expect(await write(store, [{ id: 'a', email: '1', name: null, plan: '1' }, { id: 'b', email: '1', name: null, plan: '1' }])).toEqual(['written', 'written']);
      expect(await write(store, [{ id: 'a', email: '2', name: null, plan: '1' }, { id: 'b', email: '1', name: null, plan: '1' }])).toEqual(['written', 'unchanged']);
    } finally {
      await database.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
      await database.client.query(`drop owned by ${role}; drop role ${role}`);
    }
  });

  test.each([
    ['a table that is not there', 'public.nothing', all, '42P01'],
    ['a column that is not there', 'public.users', [...all, column('nothing')], '42703'],
    ['a key without a unique index', 'public.users', all, '42P10', ['email']],
  ])('%s fails the whole call', async (_case, table, columns, code, key = ['id']) => {
    const store = bulkStore({ connectionString: database.connectionString(), table, columns, key });
    await expect(write(store, [{ id: 'a', email: 'e', nothing: 'n' }, { id: 'b', email: 'f', nothing: 'n' }])).rejects.toMatchObject({ failure: 'misconfigured', code });
  });
});
