import { quoteIdentifier } from '../../../src/private/identifiers';
import type { Column, UserRow } from '../../user-row';

export interface Statement {
  readonly text: string;
  /** Bound to $1, $2, …; PostgreSQL reads each as the type of its column. */
  readonly values: ReadonlyArray<string | null>;
}

/**
 * One statement that leaves exactly one row with the key, whether it was there or not, and touches nothing that is not
 * mapped. It writes only where something changes, so that replays leave no dead rows:
 *
 * ```sql
 * insert into "public"."users" as stored ("cognito_user_id", "email") values ($1, $2)
 * on conflict ("cognito_user_id") do update set "email" = excluded."email"
 * where stored."email" is distinct from excluded."email"
 * ```
 * https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
 *
 * @param table quoted and qualified
 */
export function upsertStatements(table: string, key: readonly string[], columns: readonly Column[]): (row: UserRow) => Statement {
  const texts = new Map<string, string>();
  return (row) => {
    // Which columns a row has depends on what its source knows: a handful of texts.
    const shape = [...row.keys()].join('\0');
    let text = texts.get(shape);
    if (text === undefined) {
      text = upsertText(table, key, columns.filter(({ name }) => row.has(name)));
      texts.set(shape, text);
    }
    return { text, values: [...row.values()] };
  };
}

function upsertText(table: string, key: readonly string[], columns: readonly Column[]): string {
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const updated = columns.filter(({ name, write }) => write !== 'onInsert' && !key.includes(name));
  const insert = `insert into ${table} as stored (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`
    + ` on conflict (${key.map(quoteIdentifier).join(', ')})`;
  if (updated.length === 0) return `${insert} do nothing`;
  return `${insert} do update set ${updated.map(assignment).join(', ')} where ${condition(updated)}`;
}

function assignment({ name, write }: Column): string {
  const column = quoteIdentifier(name);
  return write === 'whileNull' ? `${column} = coalesce(stored.${column}, excluded.${column})` : `${column} = excluded.${column}`;
}

/** With a version, the newer observation wins and leaves its stamp; without one, whatever differs is written. */
function condition(updated: readonly Column[]): string {
  const versions = updated.filter(({ isVersion }) => isVersion).map(({ name }) => quoteIdentifier(name));
  return versions.length > 0
    ? versions.map((column) => `(stored.${column} is null or stored.${column} < excluded.${column})`).join(' and ')
    : updated.map(difference).join(' or ');
}

function difference({ name, kind, write }: Column): string {
  const column = quoteIdentifier(name);
  if (write === 'whileNull') return `(stored.${column} is null and excluded.${column} is not null)`;
  // The type json has no equality operator: https://www.postgresql.org/docs/current/functions-json.html
  const cast = kind === 'json' ? '::jsonb' : '';
  return `stored.${column}${cast} is distinct from excluded.${column}${cast}`;
}
