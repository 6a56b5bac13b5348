import { asStored, type ColumnTypes, elementType } from './column-types';
import { assignments, condition, onConflict, type Statement, updatedColumns } from './upsert';
import { quoteIdentifier } from '../../../src/private/identifiers';
import type { Column, UserRow } from '../../user-row';

/**
 * One statement that does for many rows what `upsert.ts` does for one, and answers which of them were written: their
 * places in the list, from 1 on, with commas between them.
 *
 * ```sql
 * with due as materialized (
 *   select stored."id" is null as "is_new", excluded.* from (
 *     select "ordinal", "id", "email"
 *     from (select pg_catalog.generate_series(1, 500) as "ordinal", pg_catalog.unnest($1::uuid[]) as "id", pg_catalog.unnest($2::text[]) as "email") as given
 *     limit (select null::bigint)
 *   ) as excluded left join "users" as stored on stored."id" = excluded."id"
 *   where stored."id" is null or (stored."email" is distinct from excluded."email")
 * ), updated as (
 *   update "users" as stored set "email" = excluded."email" from (select * from due where not "is_new" order by "ordinal") as excluded
 *   where stored."id" = excluded."id" and (stored."email" is distinct from excluded."email") returning excluded."ordinal"
 * ), inserted as (
 *   insert into "users" as stored ("id", "email") select "id", "email" from due where "is_new" order by "ordinal"
 *   on conflict ("id") do update set "email" = excluded."email" where stored."email" is distinct from excluded."email" returning stored."id"
 * ), written as (
 *   select "ordinal" from updated union all select excluded."ordinal" from inserted as stored join due as excluded on stored."id" = excluded."id"
 * ) select pg_catalog.string_agg("ordinal"::text, ',') as written from written
 * ```
 *
 * - Functions are PostgreSQL's own, whatever stands in the search path: another `unnest(text[])` in `public` would be taken
 *   before the polymorphic one, and be given everybody's values.
 * - A row that is there is never inserted: that would take a value of a `serial` column's sequence, and drop it.
 * - The update asks its condition again: where somebody else changed the row meanwhile, PostgreSQL answers it for the
 *   row as it is then. A row that somebody else inserted meanwhile ends in the conflict.
 * - Rows are taken in their order, so that two of these statements lock theirs in the same one. Where PostgreSQL joins by
 *   hash, that is the table's; a deadlock between the two is tried again (`conflicts.ts`).
 * - A limit that the planner cannot know lets it reckon with a tenth of the rows. Without it, it reads and hashes tables
 *   of up to 100,000 rows whole, for 20 ms, where 500 look-ups in the index of the key take 1.
 */
export interface BulkUpsert {
  /** Quoted and qualified. */
  readonly table: string;
  readonly key: readonly string[];
  /** That each of the rows has. */
  readonly columns: readonly Column[];
  readonly types: ColumnTypes;
  /** Each with another key. */
  readonly rows: readonly UserRow[];
  /**
   * Whether a row that was not there may be by now. Without it, the statement takes a fifth less of the server's time,
   * and fails with 23505 in that case.
   */
  readonly mayConflict: boolean;
}

export function bulkUpsert({ table, key, columns, types, rows, mayConflict }: BulkUpsert): Statement {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const [ordinal, isNew] = ['ordinal', 'is_new'].map((name) => quoteIdentifier(freeName(name, columns)));
  const keys = key.map(quoteIdentifier);
  const sameKey = keys.map((column) => `stored.${column} = excluded.${column}`).join(' and ');
  const updated = updatedColumns(key, columns);
  // PostgreSQL tells of a column that is not there.
  const typed = columns.map(({ name }) => types.get(name) ?? { name, type: 'pg_catalog.text', asText: false, fit: null, modifier: '' });

  const given = `select pg_catalog.generate_series(1, ${rows.length}) as ${ordinal}, `
    + typed.map((type, index) => `pg_catalog.unnest($${index + 1}::${elementType(type)}[]) as ${quoteIdentifier(type.name)}`).join(', ');
  const parts = [
    `due as materialized (select stored.${keys[0]} is null as ${isNew}, excluded.* from (`
      + `select ${ordinal}, ${typed.map(asStored).join(', ')} from (${given}) as given limit (select null::bigint)`
      + `) as excluded left join ${table} as stored on ${sameKey} where stored.${keys[0]} is null${updated.length > 0 ? ` or (${condition(updated)})` : ''})`,
    `inserted as (insert into ${table} as stored (${names}) select ${names} from due where ${isNew} order by ${ordinal}`
      + `${mayConflict ? ` ${onConflict(key, updated)}` : ''} returning ${keys.map((column) => `stored.${column}`).join(', ')})`,
  ];
  let written = `select excluded.${ordinal} from inserted as stored join due as excluded on ${sameKey}`;
  if (updated.length > 0) {
    parts.push(`updated as (update ${table} as stored set ${assignments(updated)} from (select * from due where not ${isNew} order by ${ordinal}) as excluded`
      + ` where ${sameKey} and (${condition(updated)}) returning excluded.${ordinal})`);
    written = `select ${ordinal} from updated union all ${written}`;
  }
  return {
    text: `with ${parts.join(', ')}, written as (${written}) select pg_catalog.string_agg(${ordinal}::pg_catalog.text, ',') as written from written`,
    values: columns.map(({ name }) => rows.map((row) => row.get(name)!)),
  };
}

/** A name that no column has. */
function freeName(name: string, columns: readonly Column[]): string {
  return columns.some((column) => column.name === name) ? freeName(`${name}_`, columns) : name;
}
