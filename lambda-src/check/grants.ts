import { quotedList } from './sql-text';
import type { MappedColumn, Target } from './target';
import { presence } from './value-presence';
import { quoteIdentifier } from '../../src/private/identifiers';
import { updatedColumns } from '../stores/postgres/upsert';

export const COLUMN_PRIVILEGES = ['insert', 'update', 'select'] as const;
export type ColumnPrivilege = (typeof COLUMN_PRIVILEGES)[number];

/**
 * What `upsert.ts` and `bulk-upsert.ts` need of the mapped columns, and no more: they compare the key and whatever is
 * updated, which takes SELECT: https://www.postgresql.org/docs/current/sql-insert.html
 */
export function neededPrivileges({ key, columns }: Target): Readonly<Record<ColumnPrivilege, readonly string[]>> {
  const update = updatedColumns(key, columns).map(({ name }) => name);
  return { insert: columns.map(({ name }) => name), update, select: [...key, ...update] };
}

/** Columns that a row may leave to their default: unmapped, or mapped from what not every source knows. */
export function mayTakeDefault(name: string, columns: readonly MappedColumn[]): boolean {
  const mapped = columns.find((column) => column.name === name);
  return mapped === undefined || presence(mapped) === 'unknown';
}

/** @param privileges those without a column are left out */
export function grantOnColumns(privileges: Readonly<Record<ColumnPrivilege, readonly string[]>>, table: string, login: string): string {
  const parts = COLUMN_PRIVILEGES.filter((privilege) => privileges[privilege].length > 0).map((privilege) => `${privilege} (${quotedList(privileges[privilege])})`);
  return `grant ${parts.join(', ')} on ${table} to ${quoteIdentifier(login)};`;
}

export function grantUsage(on: string, login: string): string {
  return `grant usage on ${on} to ${quoteIdentifier(login)};`;
}
