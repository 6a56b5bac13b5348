const OPERATORS = / (=|<>|<|>|<=|>=|~|&|-|\+|\|\||->>) /g;

/**
 * With PostgreSQL's own operators, whatever others have put into the search path: `a = b` would be theirs where its types
 * fit better, or where the path names `public` before `pg_catalog`, and run as whoever checks, an administrator perhaps.
 * Names of functions and types are qualified where they stand. IN, CASE … WHEN and IS DISTINCT FROM take an operator, too,
 * which cannot be qualified: `= any` and CASE WHEN do instead.
 * https://www.postgresql.org/docs/current/typeconv-oper.html, https://wiki.postgresql.org/wiki/A_Guide_to_CVE-2018-1058
 */
export function withOwnOperators(sql: string): string {
  return sql.replace(OPERATORS, ' operator(pg_catalog.$1) ');
}
