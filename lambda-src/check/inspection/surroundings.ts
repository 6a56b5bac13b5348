/** What else acts on a row that is written. */
export interface Surroundings {
  /** For this login: not for superusers, nor for the owner where it is not forced. */
  readonly isRowSecurityActive: boolean;
  readonly policies: readonly Policy[];
  /** For INSERT or UPDATE, and enabled. */
  readonly triggers: readonly string[];
  /** For INSERT and enabled, or for UPDATE: these keep ON CONFLICT out even where they are disabled (measured). */
  readonly rules: readonly string[];
  /** CHECK constraints that are enforced. */
  readonly checks: readonly string[];
  /** Updates are published, and nothing tells subscribers which row it was, so that PostgreSQL refuses them. */
  readonly lacksReplicaIdentity: boolean;
}

export interface Policy {
  readonly name: string;
  readonly command: 'ALL' | 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  readonly isPermissive: boolean;
  /** To this login. */
  readonly applies: boolean;
  /** Null where it has none. */
  readonly using: string | null;
  readonly withCheck: string | null;
}

/**
 * Members of the JSON object of the row of `pg_class` that is called `target`. In tgtype, 4 is INSERT and 16 UPDATE; in
 * ev_type, 2 is UPDATE and 3 INSERT. `conenforced` came with PostgreSQL 18.
 */
export const SURROUNDINGS = `
  'isRowSecurityActive', pg_catalog.row_security_active(target.oid),
  'policies', (
    select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', polname,
      'command', case when polcmd = 'r' then 'SELECT' when polcmd = 'a' then 'INSERT' when polcmd = 'w' then 'UPDATE' when polcmd = 'd' then 'DELETE' else 'ALL' end,
      'isPermissive', polpermissive,
      'applies', exists (select from pg_catalog.unnest(polroles) as granted(role) where role = 0 or pg_catalog.pg_has_role(role, 'USAGE')),
      'using', pg_catalog.pg_get_expr(polqual, polrelid),
      'withCheck', pg_catalog.pg_get_expr(polwithcheck, polrelid)
    ) order by polname), '[]') from pg_catalog.pg_policy where polrelid = target.oid
  ),
  'triggers', (
    select coalesce(pg_catalog.json_agg(tgname order by tgname), '[]') from pg_catalog.pg_trigger
    where tgrelid = target.oid and not tgisinternal and tgenabled <> 'D' and (tgtype & 20) <> 0
  ),
  'rules', (
    select coalesce(pg_catalog.json_agg(rulename order by rulename), '[]') from pg_catalog.pg_rewrite
    where ev_class = target.oid and (ev_type = '2' or (ev_type = '3' and ev_enabled <> 'D'))
  ),
  'checks', (
    select coalesce(pg_catalog.json_agg(conname order by conname), '[]') from pg_catalog.pg_constraint
    where conrelid = target.oid and contype = 'c' and coalesce(pg_catalog.row_to_json(pg_constraint) ->> 'conenforced', 'true') = 'true'
  ),
  'lacksReplicaIdentity', relkind = 'r' and case
    when relreplident = 'f' then false
    when relreplident = 'd' then not exists (select from pg_catalog.pg_index where indrelid = target.oid and indisprimary and indimmediate)
    else not exists (select from pg_catalog.pg_index where indrelid = target.oid and indisreplident)
  end and exists (
    select from pg_catalog.pg_publication_tables as published join pg_catalog.pg_publication on pg_publication.pubname = published.pubname
    where pubupdate and schemaname = nspname and tablename = relname
  )`;
