import type { Facts } from './facts';
import { error, type Finding, warning } from '../finding';
import type { InspectedIndex } from '../inspection/indexes';
import { named, quotedList } from '../sql-text';

/** Which indexes `ON CONFLICT (…)` takes: https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT */
export function keyFindings(facts: Facts): Finding[] {
  const { target: { key }, table: { indexes, partitionKey }, quoted } = facts;
  if (indexes.some((index) => isConflictTarget(index, key))) return [];
  const near = indexes.map((index) => nearMiss(index, key)).filter((miss) => miss !== undefined);
  const hinderedBy = partitionKey.filter((column) => column === null || !key.includes(column));
  const message = `the key (${named(key)}) has no unique index that tells whether a user has a row: ${near.join('; ') || 'there is none on it'}`
    + (hinderedBy.length > 0 ? '; a unique index of a partitioned table must have its partition key in it: expected one that is part of the key' : '; create one on exactly the key');
  return [error('keyNotUnique', message, hinderedBy.length > 0 ? null : `create unique index on ${quoted} (${quotedList(key)});`)];
}

/** Other users may have the same value, whom PostgreSQL then refuses. */
export function extraUniqueFindings({ target: { key, columns }, table }: Facts): Finding[] {
  const isMapped = (name: string) => columns.some((column) => column.name === name);
  // Two rows with null are the same to it, and so are two rows without a value.
  const isLeftEmpty = (name: string) => !table.columns.some((column) => column.name === name && (column.hasDefault || column.hasDomainDefault || column.identity !== '' || column.generated !== ''));
  return table.indexes
    .filter(({ involved }) => !key.every((name) => involved.includes(name)))
    .filter(({ involved, isNullsNotDistinct }) => involved.some(isMapped) || (isNullsNotDistinct && involved.every(isLeftEmpty)))
    .map(({ name, involved, isExclusion }) => warning('extraUnique',
      `the ${isExclusion ? 'exclusion constraint' : 'unique index'} ${JSON.stringify(name)} on ${named(involved)} refuses a second user with the same value, who then has no row: drop it, unless no two users can have it`, null));
}

function isConflictTarget(index: InspectedIndex, key: readonly string[]): boolean {
  return isSame(index.columns, key) && index.isValid && !index.isPartial && !index.isDeferrable && !index.isExclusion;
}

function isSame(columns: readonly (string | null)[], key: readonly string[]): boolean {
  return columns.every((column) => column !== null && key.includes(column)) && key.every((column) => columns.includes(column));
}

/** Why an index that is about the key is none for it. */
function nearMiss({ name, columns, involved, isPartial, isDeferrable, isValid, isExclusion }: InspectedIndex, key: readonly string[]): string | undefined {
  if (!involved.some((column) => key.includes(column))) return undefined;
  const index = JSON.stringify(name);
  if (isExclusion) return `${index} is an exclusion constraint`;
  if (columns.includes(null)) return `${index} is on an expression`;
  if (!isSame(columns, key)) return `${index} is on ${columns.every((column) => key.includes(column!)) ? 'a part of the key' : 'other columns, too'}`;
  if (isPartial) return `${index} is partial (it has a WHERE)`;
  if (isDeferrable) return `${index} is deferrable`;
  return isValid ? undefined : `${index} is not valid (its creation failed or goes on)`;
}
