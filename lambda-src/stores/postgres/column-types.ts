import type { StatementRunner } from './connection';
import { quoteIdentifier } from '../../../src/private/identifiers';
import type { Deadline } from '../../deadline';

/** What a statement for many rows must know of a column. */
export interface ColumnType {
  readonly name: string;
  /** Qualified and quoted, without a length: a cast to `varchar(5)` cuts silently what an insert refuses. */
  readonly type: string;
  /** Whether values must travel as text: `unnest` would take arrays apart, and those of box have semicolons. */
  readonly asText: boolean;
  /** PostgreSQL's own function that makes a value fit the column's length or precision, or fails as an insert does. */
  readonly fit: string | null;
  /** What it takes beside the value. */
  readonly modifier: string;
}

export type ColumnTypes = ReadonlyMap<string, ColumnType>;

/**
 * `pg_attribute` may be read without any privilege on the table. Names are qualified here rather than by `format_type`,
 * which leaves schemas of the search path out, and writes bpchar and bit so that a cast to them keeps one character.
 *
 * The function of a cast from a type to itself makes values fit. Its third parameter tells whether the cast is
 * explicit, which an assignment is not: https://www.postgresql.org/docs/current/sql-createcast.html
 */
const COLUMN_TYPES = `select coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
  'name', attname,
  'type', pg_catalog.format('%s.%I', typnamespace::pg_catalog.regnamespace, typname),
  'asText', typarray = 0 or typdelim <> ',',
  'fit', case when castfunc <> 0 then pg_catalog.format('%s.%I', pronamespace::pg_catalog.regnamespace, proname) end,
  'modifier', atttypmod || case pronargs when 3 then ', false' else '' end
)), '[]')::pg_catalog.text as types
from pg_catalog.pg_attribute
join pg_catalog.pg_type on pg_type.oid = atttypid
left join pg_catalog.pg_cast on castsource = atttypid and casttarget = atttypid and atttypmod >= 0
left join pg_catalog.pg_proc on pg_proc.oid = castfunc
where attrelid = $1::pg_catalog.regclass and attnum > 0`;

/**
 * Of every column, mapped or not.
 *
 * @param table quoted
 * @throws UserSyncError
 */
export async function readColumnTypes(runner: StatementRunner, table: string, deadline: Deadline): Promise<ColumnTypes> {
  const { rows: [{ types }] } = await runner.run({ text: COLUMN_TYPES, values: [table] }, deadline);
  return new Map((JSON.parse(String(types)) as ColumnType[]).map((type) => [type.name, type]));
}

/** Of the array that carries a column's values. */
export function elementType({ type, asText }: ColumnType): string {
  return asText ? 'pg_catalog.text' : type;
}

/** An element of that array as the column would hold it. */
export function asStored({ name, type, asText, fit, modifier }: ColumnType): string {
  const element = quoteIdentifier(name);
  const value = asText ? `${element}::${type}` : element;
  return `${fit === null ? value : `${fit}(${value}, ${modifier})`} as ${element}`;
}
