/** Whoever is logged in, and what the server lets them do anywhere. */
export interface InspectedLogin {
  readonly name: string;
  readonly isSuperuser: boolean;
  /** Whether nothing may be written: on a replica, or where the role or database says so. */
  readonly isReadOnly: boolean;
  /** As `create role` writes them. */
  readonly attributes: readonly string[];
  /** Roles of wide powers that it is a member of. */
  readonly memberOf: readonly string[];
}

/** What the login may do with the table. */
export interface TableAccess {
  /** Also where it must SET ROLE first. */
  readonly isOwner: boolean;
  readonly maySchema: boolean;
  /** Whether it may create objects in the table's schema. */
  readonly mayCreate: boolean;
  /** On the table as a whole. */
  readonly privileges: readonly string[];
}

export const LOGIN = `
  select pg_catalog.json_build_object(
    'name', rolname,
    'isSuperuser', rolsuper,
    'isReadOnly', pg_catalog.current_setting('transaction_read_only') = 'on',
    'attributes', pg_catalog.array_remove(array[
      case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
      case when rolbypassrls then 'bypassrls' end, case when rolreplication then 'replication' end
    ], null),
    'memberOf', coalesce((
      select pg_catalog.json_agg(rolname order by rolname) from pg_catalog.pg_roles as wide
      where rolname = any (array['rds_superuser', 'pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'])
        and pg_catalog.pg_has_role(wide.oid, 'MEMBER')
    ), '[]')
  ) from pg_catalog.pg_roles where rolname = current_user`;

/** Members of the JSON object of the row of `pg_class` that is called `target`. MAINTAIN came with PostgreSQL 17. */
export const TABLE_ACCESS = `
  'isOwner', pg_catalog.pg_has_role(relowner, 'MEMBER'),
  'maySchema', pg_catalog.has_schema_privilege(relnamespace, 'USAGE'),
  'mayCreate', pg_catalog.has_schema_privilege(relnamespace, 'CREATE'),
  'privileges', (
    select coalesce(pg_catalog.json_agg(privilege order by privilege), '[]') from pg_catalog.unnest(
      array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']
      || case when pg_catalog.current_setting('server_version_num')::pg_catalog.int4 >= 170000 then array['MAINTAIN'] else '{}' end
    ) as possible(privilege) where pg_catalog.has_table_privilege(target.oid, privilege)
  )`;
