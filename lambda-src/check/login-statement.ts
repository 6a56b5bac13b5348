import { COLUMN_PRIVILEGES, mayTakeDefault, neededPrivileges } from './grants';
import { literal, qualified } from './sql-text';
import { type CheckTarget, readTarget } from './target';
import { quoteIdentifier } from '../../src/private/identifiers';
import { ConfigurationError } from '../errors';

/** Why the statement refuses a login that is there already, by SQLSTATE: nothing else of an error leaves the store. */
export const LOGIN_REFUSALS: Readonly<Record<string, string>> = {
  CUS01: 'it is a superuser, or whoever runs the statement: expected a login that nothing else uses',
  CUS02: 'it owns the table, and may do with it whatever it likes: expected a login that nothing else uses',
  CUS03: 'it was there already and has no rds_iam, with which it could not log in by its password any more: expected a name that is free, or a login by IAM',
  CUS04: 'it is a role that may not log in, such as a group: expected a name that is free, or a login',
};

/** https://www.postgresql.org/docs/current/sql-grant.html: "a warning is issued" */
const NOT_GRANTED = 'the login lacks what it needs, which whoever runs this may not grant: have it run by the owner of the table, after the login was created by somebody who may';

/**
 * Of two of these statements at the same time one fails with "tuple concurrently updated", and may try again. A lock
 * would have them wait, but an advisory one may be held by anybody who may log in.
 */
const ATTEMPTS = 20;

export interface LoginTarget extends CheckTarget {
  /** As it is, without quotes. */
  readonly login: string;
}

/**
 * One statement that creates the login and grants it what it lacks of what the sync needs, and nothing else. It may run
 * again at any time, drops and revokes nothing, and takes no login that is somebody else's. A table, schema or column
 * that is not there is left out. An administrator runs it: all names are looked up in `pg_catalog`, whatever functions
 * others have put into the search path. https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS
 * Where the login is there and may log in as it should, whoever owns the table may run it without creating roles.
 *
 * @throws ConfigurationError
 */
export function loginStatement({ login, ...written }: LoginTarget): string {
  const target = readTarget(written);
  const needed = neededPrivileges(target);
  const privileges = COLUMN_PRIVILEGES.flatMap((privilege) => needed[privilege].map((column) => `(${literal(privilege)}, ${literal(column)})`));
  const neverDefault = target.columns.filter(({ name }) => !mayTakeDefault(name, target.columns)).map(({ name }) => literal(name));
  const name = literal(checkedLogin(login));
  return dollarQuoted(`
declare
  search_path_before constant text := pg_catalog.current_setting('search_path');
  users constant pg_catalog.oid := pg_catalog.to_regclass(${literal(qualified(target))});
  is_new boolean := false;
  is_granted boolean := false;
  conflicts integer := 0;
  existing record;
  missing text[];
  statement text;
begin
  perform pg_catalog.set_config('search_path', 'pg_catalog', true);
  if not exists (select from pg_roles where rolname = ${name}) then
    begin
      create role ${quoteIdentifier(login)} login;
      is_new := true;
    exception when duplicate_object or unique_violation then
      null;
    end;
  end if;

  select oid, rolsuper, rolcanlogin into existing from pg_roles where rolname = ${name};
  if is_new then
    if exists (select from pg_roles where rolname = 'rds_iam') then
      grant rds_iam to ${quoteIdentifier(login)};
    end if;
  elsif existing.rolsuper or ${name} in (current_user, session_user) then
    raise exception using errcode = 'CUS01', message = ${literal(LOGIN_REFUSALS.CUS01)};
  elsif not existing.rolcanlogin then
    raise exception using errcode = 'CUS04', message = ${literal(LOGIN_REFUSALS.CUS04)};
  elsif exists (select from pg_class where oid = users and pg_has_role(existing.oid, relowner, 'MEMBER')) then
    raise exception using errcode = 'CUS02', message = ${literal(LOGIN_REFUSALS.CUS02)};
  elsif exists (select from pg_roles where rolname = 'rds_iam' and not pg_has_role(existing.oid, oid, 'MEMBER')) then
    raise exception using errcode = 'CUS03', message = ${literal(LOGIN_REFUSALS.CUS03)};
  end if;

  loop
    select array_agg(needed.statement) into missing from (
      select format('grant connect on database %I to %I', datname, ${name}) as statement
      from pg_database where datname = current_database() and not has_database_privilege(existing.oid, oid, 'CONNECT')
      union all
      select format('grant usage on schema %I to %I', nspname, ${name}) from pg_namespace where oid in (
        select relnamespace from pg_class where oid = users
        union all
        select typnamespace from pg_attribute join pg_type on pg_type.oid = atttypid
        where attrelid = users and not attisdropped and attname in (${needed.insert.map(literal).join(', ')})
      ) and not has_schema_privilege(existing.oid, oid, 'USAGE')
      union all
      select format('grant %s (%I) on %s to %I', privilege, attname, users::regclass, ${name})
      from (values
        ${privileges.join(',\n        ')}
      ) as mapped(privilege, column_name) join pg_attribute on attrelid = users and attname = column_name and not attisdropped
      where not has_column_privilege(existing.oid, users, attnum, privilege)
      union all
      select format('grant usage on sequence %s to %I', refobjid::regclass, ${name})
      from pg_attrdef
      join pg_attribute on attrelid = adrelid and attnum = adnum and attgenerated = ''
      join pg_depend on classid = 'pg_attrdef'::regclass and objid = pg_attrdef.oid and refclassid = 'pg_class'::regclass
      join pg_class on pg_class.oid = refobjid
      where adrelid = users and attname <> all (array[${neverDefault.join(', ')}]::name[])
        and case when relkind = 'S' then not has_sequence_privilege(existing.oid, refobjid, 'USAGE') end
    ) as needed;
    exit when missing is null;
    -- Where whoever runs it has a privilege and may not pass it on, GRANT warns and grants nothing.
    if is_granted then
      raise exception using errcode = 'insufficient_privilege', message = ${literal(NOT_GRANTED)}, detail = array_to_string(missing, '; ');
    end if;
    begin
      foreach statement in array missing loop
        execute statement;
      end loop;
      is_granted := true;
    exception when internal_error or deadlock_detected then
      conflicts := conflicts + 1;
      if conflicts = ${ATTEMPTS} then
        raise;
      end if;
    end;
  end loop;
  perform set_config('search_path', search_path_before, true);
end
`);
}

/** A name that PostgreSQL takes for a role: https://www.postgresql.org/docs/current/sql-createrole.html */
function checkedLogin(login: string): string {
  const isName = login !== '' && !login.includes('\0') && Buffer.byteLength(login) <= 63;
  if (isName && !/^(pg_.*|public|none)$/s.test(login)) return login;
  throw new ConfigurationError(`got ${JSON.stringify(login)} as the name of the login: expected 1 to 63 bytes, and neither public, none nor the prefix pg_, which are PostgreSQL's own`);
}

/** With a tag that the text does not hold, whatever names are in it. */
function dollarQuoted(body: string, tag = '$cognito_user_sync$'): string {
  return body.includes(tag) ? dollarQuoted(body, `${tag.slice(0, -1)}_$`) : `do ${tag}${body}${tag};`;
}
