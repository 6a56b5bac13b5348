/**
 * Which names PostgreSQL accepts, and how they are quoted. Identifiers cannot be bind parameters, so they are checked
 * at synth and again at run time. https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */

/** PostgreSQL cuts longer names silently (NAMEDATALEN - 1), and two columns may become one. */
const MAX_BYTES = 63;

/** https://www.postgresql.org/docs/current/ddl-system-columns.html */
const SYSTEM_COLUMNS = ['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'];

const PART = /^(?:([A-Za-z_][A-Za-z0-9_$]*)|"((?:[^"]|"")+)")$/;
const PARTS = /(?:[^."]|"(?:[^"]|"")*")+|(?<=^|\.)(?=\.|$)/g;

/**
 * The column's name without its quotes. Names are taken as they are written, as ORMs do: `userId` means `"userId"`,
 * and quotes are only needed around other characters than letters, digits, `_` and `$`.
 *
 * @throws a plain `Error` that says what was got and what is expected
 */
export function columnName(written: string): string {
  const name = identifier(written, 'column');
  if (SYSTEM_COLUMNS.includes(name)) {
    throw new Error(`column ${JSON.stringify(name)} is a system column of every PostgreSQL table: map another column`);
  }
  return name;
}

/** Schema (if any) and table, without quotes. */
export function tableName(written: string): { readonly schema?: string; readonly table: string } {
  const parts = written.match(PARTS) ?? [];
  if (parts.length < 1 || parts.length > 2 || parts.join('.') !== written) {
    throw new Error(`table ${JSON.stringify(written)} is not a table name: expected table or schema.table, with "double quotes" around a name that has a dot or a space in it`);
  }
  const [table, schema] = parts.map((part) => identifier(part, 'table')).reverse();
  if (schema?.startsWith('pg_')) {
    throw new Error(`schema ${JSON.stringify(schema)} has the prefix pg_, which PostgreSQL reserves for itself: expected a schema of your own, such as public`);
  }
  return schema === undefined ? { table } : { schema, table };
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function identifier(written: string, what: string): string {
  const [, plain, quoted] = PART.exec(written) ?? [];
  const name = plain ?? quoted?.replaceAll('""', '"');
  if (name === undefined || name.includes('\0')) {
    throw new Error(`${what} name ${JSON.stringify(written)} is not a PostgreSQL identifier: expected a letter or _, then letters, digits, _ or $, or any name in "double quotes"`);
  }
  if (byteLength(name) > MAX_BYTES) {
    throw new Error(`${what} name ${JSON.stringify(written)} has ${byteLength(name)} bytes: PostgreSQL keeps ${MAX_BYTES} of an identifier and drops the rest, so expected at most ${MAX_BYTES}`);
  }
  return name;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
