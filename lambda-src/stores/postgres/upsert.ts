import { quoteIdentifier } from '../../../src/private/identifiers';
import type { Column, UserRow } from '../../user-row';

export interface Statement {
  readonly text: string;
  /** Bound to $1, $2, …; PostgreSQL reads each as the type of its column, or a list of them as an array. */
  readonly values: ReadonlyArray<Value | readonly Value[]>;
}

export type Value = string | null;

/** What PostgreSQL answered: as pg gives it, with every value as text. */
export interface StatementResult {
  /** Of rows written. */
  readonly rowCount: number;
  readonly rows: ReadonlyArray<Readonly<Record<string, unknown>>>;
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
  return `insert into ${table} as stored (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`
    + ` ${onConflict(key, updatedColumns(key, columns))}`;
}

/** A row that is there stays as it is. */
export function insertedOnly(columns: readonly Column[]): Column[] {
  return columns.map((column) => ({ ...column, write: 'onInsert' }));
}

export function updatedColumns(key: readonly string[], columns: readonly Column[]): Column[] {
  return columns.filter(({ name, write }) => write !== 'onInsert' && !key.includes(name));
}

export function onConflict(key: readonly string[], updated: readonly Column[]): string {
  const conflict = `on conflict (${key.map(quoteIdentifier).join(', ')})`;
  if (updated.length === 0) return `${conflict} do nothing`;
  return `${conflict} do update set ${assignments(updated)} where ${condition(updated)}`;
}

/** `stored` is the row that is there, `excluded` the one to write: PostgreSQL's own name for it after a conflict. */
export function assignments(updated: readonly Column[]): string {
  return updated.map(({ name, write }) => {
    const column = quoteIdentifier(name);
    return write === 'whileNull' ? `${column} = coalesce(stored.${column}, excluded.${column})` : `${column} = excluded.${column}`;
  }).join(', ');
}

/** With a version, the newer observation wins and leaves its stamp; without one, whatever differs is written. */
export function condition(updated: readonly Column[]): string {
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
