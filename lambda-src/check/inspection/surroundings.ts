/** What else acts on a row that is written. */
export interface Surroundings {
  /** For this login: not for superusers, nor for the owner where it is not forced. */
  readonly isRowSecurityActive: boolean;
  readonly policies: readonly Policy[];
  /** For INSERT or UPDATE, and enabled. */
  readonly triggers: readonly string[];
  /** For INSERT and enabled, or for UPDATE: these keep ON CONFLICT out even where they are disabled (measured). */
  readonly rules: readonly string[];
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

/** Members of the JSON object of the row of `pg_class` that is called `target`. In tgtype, 4 is INSERT and 16 UPDATE; in ev_type, 2 is UPDATE and 3 INSERT. */
export const SURROUNDINGS = `
  'isRowSecurityActive', row_security_active(target.oid),
  'policies', (
    select coalesce(json_agg(json_build_object(
      'name', polname,
      'command', case polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end,
      'isPermissive', polpermissive,
      'applies', exists (select from unnest(polroles) as granted(role) where role = 0 or pg_has_role(role, 'USAGE')),
      'using', pg_get_expr(polqual, polrelid),
      'withCheck', pg_get_expr(polwithcheck, polrelid)
    ) order by polname), '[]') from pg_catalog.pg_policy where polrelid = target.oid
  ),
  'triggers', (
    select coalesce(json_agg(tgname order by tgname), '[]') from pg_catalog.pg_trigger
    where tgrelid = target.oid and not tgisinternal and tgenabled <> 'D' and (tgtype & 20) <> 0
  ),
  'rules', (select coalesce(json_agg(rulename order by rulename), '[]') from pg_catalog.pg_rewrite where ev_class = target.oid and (ev_type = '2' or (ev_type = '3' and ev_enabled <> 'D')))`;
