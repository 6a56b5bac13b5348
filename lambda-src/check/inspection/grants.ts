/** Where a privilege that the login has comes from. */
export interface Grant {
  readonly privilege: string;
  /** To the login itself and by the owner, so that a REVOKE takes it away. */
  readonly isDirect: boolean;
}

/** @param acl an expression over the row of `pg_class` that is called `target`: https://www.postgresql.org/docs/current/ddl-priv.html */
export function grants(acl: string): string {
  return `select coalesce(json_agg(json_build_object(
    'privilege', privilege_type,
    'isDirect', grantor = target.relowner and grantee = (select oid from pg_catalog.pg_roles where rolname = current_user)
  )), '[]') from aclexplode(${acl}) where grantee = 0 or pg_has_role(grantee, 'USAGE')`;
}
