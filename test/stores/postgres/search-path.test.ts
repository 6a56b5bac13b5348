import { bulkStore, column, singleStore, write } from './stores';
import { useDatabase } from '../../support/database';

/**
 * Whoever may create in a schema of the search path may make a function whose parameters fit better than those of
 * PostgreSQL's own: it would be called instead, by our login and with our users' values.
 * https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS
 */
const POISON = ['unnest(text[]) returns setof text', 'generate_series(integer, integer) returns setof integer', 'json_build_object(text, name, text, text) returns json', 'format(text, name, name) returns text'];

const database = useDatabase({
  tables: `create table users (id text primary key, email text); create table loot (called text);
    ${POISON.map((signature) => `create function public.${signature} language plpgsql as $$ begin insert into loot values ('${signature}'); return; end $$`)
      .map((sql) => (sql.includes('setof') ? sql : sql.replace('return;', 'return null;'))).join(';\n')};
    create function public.remember(text, text, text) returns text language plpgsql as $$ begin insert into loot values ('string_agg'); return null; end $$;
    create aggregate public.string_agg(text, text) (sfunc = public.remember, stype = text, initcond = '')`,
});

test.each([['many rows', bulkStore], ['one row', singleStore]])('the statement for %s calls no function but PostgreSQL\'s own', async (_, storeOf) => {
  const store = storeOf({ connectionString: database.connectionString(), table: 'users', columns: [column('id'), column('email')] });
  const rows = Array.from({ length: 3 }, (__, index) => ({ id: `${_} ${index}`, email: 'ada@example.com' }));
  expect(await write(store, rows)).toEqual(['written', 'written', 'written']);
  expect(await write(store, rows)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(await database.rows('select * from loot')).toEqual([]);
});
