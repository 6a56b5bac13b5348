import type { Facts } from './facts';
import { quoteIdentifier } from '../../../src/private/identifiers';
import { error, type Finding, warning } from '../finding';
import type { InspectedIndex } from '../inspection/indexes';
import { named, quotedList } from '../sql-text';

/** Which indexes `ON CONFLICT (…)` takes: https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT */
export function keyFindings(facts: Facts): Finding[] {
  const { target: { key }, table: { indexes, partitionKey }, quoted } = facts;
  const isUnique = indexes.some((index) => isConflictTarget(index, key));
  const deferrable = indexes.filter((index) => isInferred(index, key) && index.isDeferrable);
  if (deferrable.length > 0) return [keyDeferrable(facts, deferrable, isUnique)];
  if (isUnique) return [];
  const near = indexes.map((index) => nearMiss(index, key)).filter((miss) => miss !== undefined);
  const hinderedBy = partitionKey.filter((column) => column === null || !key.includes(column));
  const message = `the key (${named(key)}) has no unique index that tells whether a user has a row: ${near.join('; ') || 'there is none on it'}`
    + (hinderedBy.length > 0 ? '; a unique index of a partitioned table must have its partition key in it: expected one that is part of the key' : '; create one on exactly the key');
  return [error('keyNotUnique', message, hinderedBy.length > 0 ? null : `create unique index on ${quoted} (${quotedList(key)});`)];
}

/** PostgreSQL infers all indexes on the key, and refuses the statement for one of them; foreign keys cannot be to such a one: https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-DEFERRABLE */
function keyDeferrable({ target: { key }, quoted }: Facts, constraints: readonly InspectedIndex[], isUnique: boolean): Finding {
  const isInherited = constraints.some((constraint) => constraint.isInherited);
  const added = constraints.some(({ isPrimary }) => isPrimary) ? 'primary key' : 'unique';
  const statements = [
    ...constraints.map(({ name }) => `alter table ${quoted} drop constraint ${quoteIdentifier(name)};`),
    ...(isUnique ? [] : [`alter table ${quoted} add ${added} (${quotedList(key)});`]),
  ];
  const message = `the key (${named(key)}) has a constraint that is deferrable (${named(constraints.map(({ name }) => name))}), with which PostgreSQL refuses ON CONFLICT: `
    + `expected one that is not${isInherited ? '; it is the one of the table that this is a partition of, and must be changed there' : ''}`;
  return error('keyDeferrable', message, isInherited ? null : statements.join('\n'));
}

/** Other users may have the same value, whom PostgreSQL then refuses. */
export function extraUniqueFindings({ target: { key, columns }, table }: Facts): Finding[] {
  const isMapped = (name: string) => columns.some((column) => column.name === name);
  // Two rows with null are the same to it, and so are two rows without a value.
  const isLeftEmpty = (name: string) => !table.columns.some((column) => column.name === name && (column.hasDefault || column.hasDomainDefault || column.identity !== '' || column.generated !== ''));
  const isConstant = (name: string) => table.columns.some((column) => column.name === name && column.hasConstantDefault);
  return table.indexes
    .filter(({ involved }) => !key.every((name) => involved.includes(name)))
    .filter(({ involved, isNullsNotDistinct }) => involved.some(isMapped) || involved.every((name) => isConstant(name) || (isNullsNotDistinct && isLeftEmpty(name))))
    .map(({ name, involved, isExclusion }) => warning('extraUnique',
      `the ${isExclusion ? 'exclusion constraint' : 'unique index'} ${JSON.stringify(name)} on ${named(involved)} refuses a second user with the same value, who then has no row: drop it, unless no two users can have it`, null));
}

function isConflictTarget(index: InspectedIndex, key: readonly string[]): boolean {
  return isInferred(index, key) && !index.isDeferrable;
}

function isInferred(index: InspectedIndex, key: readonly string[]): boolean {
  return isSame(index.columns, key) && index.isValid && !index.isPartial && !index.isExclusion;
}

function isSame(columns: readonly (string | null)[], key: readonly string[]): boolean {
  return columns.every((column) => column !== null && key.includes(column)) && key.every((column) => columns.includes(column));
}

/** Why an index that is about the key is none for it. */
function nearMiss({ name, columns, involved, isPartial, isValid, isExclusion }: InspectedIndex, key: readonly string[]): string | undefined {
  if (!involved.some((column) => key.includes(column))) return undefined;
  const index = JSON.stringify(name);
  if (isExclusion) return `${index} is an exclusion constraint`;
  if (columns.includes(null)) return `${index} is on an expression`;
  if (!isSame(columns, key)) return `${index} is on ${columns.every((column) => key.includes(column!)) ? 'a part of the key' : 'other columns, too'}`;
  if (isPartial) return `${index} is partial (it has a WHERE)`;
  return isValid ? undefined : `${index} is not valid (its creation failed or goes on)`;
}
