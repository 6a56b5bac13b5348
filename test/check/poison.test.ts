import { codes, CREATE_USERS, USERS, useChecking } from './checking';

/** Types of the catalog's columns, and of what they are compared with. */
const TYPES = ['oid', 'name', 'text', 'int2', 'int4', 'int8', '"char"', 'bool', 'regclass', 'json'].map((type) => `pg_catalog.${type}`);
const OPERATORS = ['=', '<>', '<', '>', '<=', '>=', '~', '&', '-', '+', '||', '->>'];

/** Each takes precisely what the check has to give, and returns the same as PostgreSQL's own. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  'format_type(oid, int4)': 'text',
  'has_schema_privilege(oid, text)': 'bool',
  'has_table_privilege(oid, text)': 'bool',
  'has_column_privilege(oid, int2, text)': 'bool',
  'has_sequence_privilege(oid, text)': 'bool',
  'has_function_privilege(oid, text)': 'bool',
  'pg_has_role(oid, text)': 'bool',
  'row_security_active(oid)': 'bool',
  'pg_get_expr(pg_node_tree, oid)': 'text',
  'pg_get_function_identity_arguments(oid)': 'text',
  'format(text, name, name, text)': 'text',
  'btrim(text, text)': 'text',
  'current_setting(text)': 'text',
  'current_schema()': 'name',
  'current_schemas(bool)': 'name[]',
  'string_to_array(text, text)': 'text[]',
  'array_remove(text[], text)': 'text[]',
  'unnest(name[])': 'setof name',
  'unnest(text[])': 'setof text',
  'unnest(oid[])': 'setof oid',
  'unnest(int2vector)': 'setof int2',
  'unnest(int2[])': 'setof int2',
  'row_to_json(pg_index)': 'json',
  'row_to_json(pg_constraint)': 'json',
  'json_build_object(text, json)': 'json',
  'json_build_object(text, name, text, name, text, bool)': 'json',
};
const AGGREGATES = ['max(name)', 'max(int4)', 'min(int8)', 'bool_or(bool)', 'json_agg(name)', 'json_agg(text)', 'json_agg(json)'];

const poison = (signature: string, returns: string, what = signature) => `create function public.${signature} returns ${returns} language plpgsql as $poison$
  begin insert into public.ran values ('${what}'); return ${returns.startsWith('setof') ? '' : 'null'}; end $poison$;`;

function plant(): string {
  const pairs = TYPES.flatMap((left) => TYPES.map((right) => [left, right] as const));
  return [
    'create table ran (what text); grant all on ran to public;',
    ...Object.entries(FUNCTIONS).map(([signature, returns]) => poison(signature, returns)),
    ...AGGREGATES.map((signature) => {
      const [, name, type] = /(\w+)\((\w+)\)/.exec(signature)!;
      const state = `state_${name}(${type}, ${type})`;
      return `${poison(state, type, signature)} create aggregate public.${signature} (sfunc = public.state_${name}, stype = ${type});`;
    }),
    ...pairs.flatMap(([left, right]) => [
      poison(`compared(${left}, ${right})`, 'bool', 'an operator'),
      ...OPERATORS.map((operator) => `create operator public.${operator} (leftarg = ${left}, rightarg = ${right}, function = public.compared);`),
    ]),
    // Last, since from here on they are what the names mean in this path.
    ...['text', 'name', 'oid', 'regclass', 'int4', 'bool'].map((name) => `create domain public.${name} as pg_catalog.int8 check (value < 0);`),
    'create view public.pg_class as select 1 as one; create view public.pg_roles as select 1 as one; create view public.pg_index as select 1 as one;',
  ].join('\n');
}

describe.each([14, 18] as const)('PostgreSQL %d', (version) => {
  const database = useChecking(version);

  test.each([['"$user", public', 'checking'], ['public, pg_catalog', 'turned']])('nothing that others have put into the search path %s is run, and the findings are the same', async (path, login) => {
    await database.arrange(CREATE_USERS, `
      create type mood as enum ('a'); create domain short as varchar(5) default 'x'; create function code() returns text language sql as 'select null::text';
      revoke execute on function code from public;
      create table others (id integer primary key);
      alter table users drop column handle, add mood mood, add short short not null, add number serial, add other integer not null references others, add code text default code(),
        add constraint c check (email <> ''), add constraint d unique (cognito_user_id) deferrable;
      create unique index on users (lower(email)) where mood is null;
      create policy p on users to public using (email = 'a'); alter table users enable row level security;
      create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on users for each row execute function f();
      create rule r as on update to users do also notify users; create view v as select email from users; create publication published for table users`);
    await database.grant();
    await database.client.query(`create role ${login} login password 'p' in role ${database.login}; alter role ${login} set search_path = ${path}`);
    const check = (table: string) => database.check({ ...USERS, table }, database.connectionString({ user: login, password: 'p' }));
    const before = await check('public.users');
    expect(new Set(codes(before))).toEqual(new Set([
      'error columnMissing', 'error columnNeedsValue', 'error keyDeferrable', 'error privilegeMissing', 'error tableHasRules',
      'warning rowSecurityRefuses', 'warning tableHasTriggers', 'warning tableHasChecks', 'warning extraUnique',
    ]));
    await database.client.query(plant());
    try {
      expect(await check('public.users')).toEqual(before);
      expect(await check('users')).toEqual(before);
      expect(await database.rows('select distinct what from public.ran')).toEqual([]);
    } finally {
      await database.client.query('drop schema public cascade; drop publication published');
    }
  });
});
