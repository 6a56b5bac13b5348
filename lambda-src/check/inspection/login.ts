import { type Grant, grants } from './grants';

/** Whoever is logged in, and what the server lets them do anywhere. */
export interface InspectedLogin {
  readonly name: string;
  readonly isSuperuser: boolean;
  /** As `create role` writes them. */
  readonly attributes: readonly string[];
  /** Roles of wide powers that it is a member of. */
  readonly memberOf: readonly string[];
}

/** What the login may do with the table. */
export interface TableAccess {
  readonly isOwner: boolean;
  readonly maySchema: boolean;
  /** On the table as a whole. */
  readonly privileges: readonly string[];
  /** Those on single columns left out. */
  readonly grants: readonly Grant[];
}

export const LOGIN = `
  select json_build_object(
    'name', rolname,
    'isSuperuser', rolsuper,
    'attributes', array_remove(array[
      case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
      case when rolbypassrls then 'bypassrls' end, case when rolreplication then 'replication' end
    ], null),
    'memberOf', coalesce((
      select json_agg(rolname order by rolname) from pg_catalog.pg_roles as wide
      where rolname in ('rds_superuser', 'pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
        and pg_has_role(wide.oid, 'MEMBER')
    ), '[]')
  ) from pg_catalog.pg_roles where rolname = current_user`;

/** Members of the JSON object of the row of `pg_class` that is called `target`. MAINTAIN came with PostgreSQL 17. */
export const TABLE_ACCESS = `
  'isOwner', pg_has_role(relowner, 'USAGE'),
  'maySchema', has_schema_privilege(relnamespace, 'USAGE'),
  'privileges', (
    select coalesce(json_agg(privilege order by privilege), '[]') from unnest(
      array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
      || case when current_setting('server_version_num')::integer >= 170000 then array['MAINTAIN'] else '{}' end
    ) as possible(privilege) where has_table_privilege(target.oid, privilege)
  ),
  'grants', (${grants("coalesce(relacl, acldefault('r', relowner))")})`;
