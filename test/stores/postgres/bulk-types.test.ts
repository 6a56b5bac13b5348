import { bulkStore, column, singleStore, write } from './stores';
import { CASES, TYPES } from './value-types';
import type { UserStoreError } from '../../../lambda-src/errors';
import type { Column } from '../../../lambda-src/user-row';
import { useDatabase } from '../../support/database';

describe.each([14, 18] as const)('a value of any type in PostgreSQL %i is written, or refused, as in one row alone', (version) => {
  const database = useDatabase({ version, tables: TYPES });
  let tables = 0;

  test.each(CASES)('%s', async (type, ...values) => {
    const kind = /^json/.test(type) && !type.endsWith('[]') ? 'json' as const : 'text' as const;
    // A type without an equality can be written on insert only, one row or many.
    const columns = [column('id'), column('value', { kind, write: type === 'xml' ? 'onInsert' : 'always' })];
    const pair = await Promise.all([bulkStore, singleStore].map(async (storeOf) => {
      const table = `t${tables++}`;
      await database.client.query(`create table ${table} (id text primary key, value ${type})`);
      return { table, store: storeOf({ connectionString: database.connectionString(), table, columns }) };
    }));
    const rows = [...values, null].map((value, index) => ({ id: `${index}`, value }));
    // A second time, each value meets another one's row, and a third time its own.
    const moved = rows.map(({ id }, index) => ({ id, value: rows[(index + 1) % rows.length].value }));
    const [bulk, single] = await Promise.all(pair.map(async ({ table, store }) => {
      const told: unknown[] = [];
      for (const call of [rows, rows, moved, moved]) {
        told.push((await write(store, call)).map((result) => (typeof result === 'string' ? result : (result as UserStoreError).code)));
        told.push(await database.rows(`select id, value::text from ${table} order by id`));
      }
      return told;
    }));
    // Elements of arrays are rounded when they are stored, not before they are compared: written again, to the same.
    const isRounded = /\(\d.*\[\]$/.test(type);
    expect(isRounded ? bulk.map(withoutOutcomes) : bulk).toEqual(isRounded ? single.map(withoutOutcomes) : single);
  });

  test('names that need quotes, and the names that the statement itself uses', async () => {
    const names = ['Id "1"', 'ordinal', 'ordinal_', 'is_new', 'given', 'stored', 'excluded', 'written', 'select', '__proto__'];
    await database.client.query(`create table "Other schema"."A ""table""" (${names.map((name) => `"${name.replaceAll('"', '""')}" text`).join(', ')}, unique ("Id ""1""", given))`);
    const columns: Column[] = names.map((name) => column(name));
    const store = bulkStore({ connectionString: database.connectionString(), table: '"Other schema"."A ""table"""', key: ['Id "1"', 'given'], columns });
    const rows = [1, 2].map((id) => Object.fromEntries(names.map((name) => [name, `${name} ${id}`])));
    expect(await write(store, rows)).toEqual(['written', 'written']);
    expect(await write(store, [{ ...rows[0], select: 'new' }, rows[1]])).toEqual(['written', 'unchanged']);
    expect(await database.rows('select * from "Other schema"."A ""table""" order by 1')).toEqual([{ ...rows[0], select: 'new' }, rows[1]]);
  });

  describe('a table that is altered meanwhile', () => {
    const altered = async (before: string, value: string, after: string, wider: string) => {
      const table = `altered${tables++}`;
      await database.client.query(`create table ${table} (id text primary key, ${before})`);
      const store = bulkStore({ connectionString: database.connectionString(), table, columns: [column('id'), column('value')] });
      expect(await write(store, [{ id: 'a', value }])).toEqual(['written']);
      await database.client.query(`alter table ${table} ${after}`);
      const results = await write(store, [{ id: 'a', value: wider }, { id: 'b', value: wider }]);
      return { results, values: (await database.rows(`select value::text from ${table} order by id`)).map((row) => row.value) };
    };

    test.each([
      ['a longer text', 'value varchar(3)', 'abc', 'alter value type varchar(10)', 'abcdef'],
      ['another type that the value does not fit', 'value text', 'abc', 'alter value type integer using 1', '7'],
      ['another type that the old one does not become', 'value text', '7', 'alter value type jsonb using value::jsonb', '[7]'],
      ['a type that takes more', 'value uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'alter value type text', 'no uuid'],
      ['larger numbers', 'value smallint', '7', 'alter value type bigint', '70000'],
      ['an array', 'value text', 'x', 'alter value type text[] using array[value]', '{y,z}'],
    ])('to %s is written as it is now', async (_case, before, value, after, wider) => {
      expect(await altered(before, value, after, wider)).toEqual({ results: ['written', 'written'], values: [wider, wider] });
    });

    test('loses a column: the call fails, and once it is back it succeeds', async () => {
      await database.client.query('create table losing (id text primary key, value text)');
      const store = bulkStore({ connectionString: database.connectionString(), table: 'losing', columns: [column('id'), column('value')] });
      expect(await write(store, [{ id: 'a', value: '1' }])).toEqual(['written']);
      await database.client.query('alter table losing drop value');
      await expect(write(store, [{ id: 'a', value: '1' }])).rejects.toMatchObject({ failure: 'misconfigured', code: '42703' });
      await database.client.query('alter table losing add value integer');
      expect(await write(store, [{ id: 'a', value: '1' }])).toEqual(['written']);
      await database.client.query('drop table losing');
      await expect(write(store, [{ id: 'a', value: '1' }])).rejects.toMatchObject({ failure: 'misconfigured', code: '42P01' });
    });
  });
});

/** The rows as they were left, without what the calls answered. */
function withoutOutcomes(told: unknown, index: number): unknown {
  return index % 2 ? told : [];
}
