import type { InspectedColumn } from './inspection/columns';
import type { MappedColumn } from './target';
import { canonicalText } from '../../src/private/kind-rules';
import { COLUMN_KINDS, type ColumnKindName, type ColumnPlanOptions } from '../../src/private/plan';

/** Which kinds a type takes, by the names in `pg_type`: every value of the kind is one of the type's, and equal when read back. */
const FITTING: Readonly<Record<string, readonly ColumnKindName[]>> = {
  ...byName(['text', 'varchar', 'bpchar', 'citext'], COLUMN_KINDS),
  bool: ['boolean'],
  ...byName(['int2', 'int4', 'int8'], ['integer']),
  numeric: ['integer', 'numeric'],
  ...byName(['float4', 'float8'], ['numeric']),
  uuid: ['uuid'],
  date: ['date'],
  ...byName(['timestamp', 'timestamptz'], ['date', 'timestamp']),
  ...byName(['json', 'jsonb'], ['json']),
};

/** What a column of the kind is best created as. */
const CREATED: Readonly<Record<ColumnKindName, string>> = {
  text: 'text', boolean: 'boolean', integer: 'bigint', numeric: 'numeric', uuid: 'uuid', date: 'date', timestamp: 'timestamptz', json: 'jsonb',
};

/** Characters of a UUID, and of a timestamp in ISO 8601. */
const KNOWN_LENGTHS: Readonly<Record<string, number>> = { sub: 36, observedAt: 24 };

/** Sources whose values are of another kind than text, whatever kind they are written as. */
const SOURCE_KINDS: Readonly<Record<string, readonly ColumnKindName[]>> = {
  email_verified: ['boolean'],
  phone_number_verified: ['boolean'],
  identities: ['json'],
  enabled: ['boolean'],
  birthdate: ['date', 'timestamp'],
  updated_at: ['integer', 'numeric', 'timestamp'],
  address: ['json'],
  attributes: ['json'],
  observedAt: ['timestamp'],
};

/** Cognito writes "true" or "false" alone, and JSON. */
const ALWAYS_FITTING = ['email_verified', 'phone_number_verified', 'identities'];

export function createdType({ kind }: MappedColumn): string {
  return CREATED[kind];
}

/** @returns what is wrong, as the end of a sentence; undefined where the column takes the values */
export function misfit(mapped: MappedColumn, column: InspectedColumn): string | undefined {
  if (!takes(mapped, column)) return `which does not take ${whatIsWritten(mapped)}`;
  // "operator does not exist": the operators of enums are for anyenum, which is no domain.
  if (column.labels && column.isDomain && mapped.write === 'always') return 'a domain over an enum, which PostgreSQL cannot compare with what is written';
  const least = leastLength(mapped.plan);
  return column.length !== null && column.length < least ? `which is too short for ${whatIsWritten(mapped)}: that has ${least} characters` : undefined;
}

/** Kinds as which the source could be written to the column. */
export function fittingKinds({ plan: { from = '', constant, prefix } }: MappedColumn, { baseType, labels }: InspectedColumn): readonly ColumnKindName[] {
  if (constant !== undefined || prefix || labels) return [];
  const kinds = FITTING[baseType] ?? [];
  return /^(custom|clientMetadata):/.test(from) ? kinds : kinds.filter((kind) => SOURCE_KINDS[from]?.includes(kind));
}

function takes({ kind, write, plan: { from, constant, prefix = '' } }: MappedColumn, { baseType, labels }: InspectedColumn): boolean {
  if (labels) return constant === undefined ? kind === 'text' && from !== 'sub' : labels.includes(prefix + constant);
  const kinds = FITTING[baseType] ?? [];
  // Behind a prefix every value is text, whatever it is itself.
  if (prefix) return kinds.includes('text');
  // The type json has no equality operator, so that texts in it cannot be compared.
  if (ALWAYS_FITTING.includes(from ?? '') && (baseType !== 'json' || write !== 'always') && SOURCE_KINDS[from!].some((each) => kinds.includes(each))) return true;
  // `sub` is a UUID whatever kind it is written as, and a constant is known.
  if (from === 'sub' && kinds.includes('uuid')) return true;
  return kinds.includes(kind) || (constant !== undefined && kinds.some((each) => canonicalText(each, constant) !== undefined));
}

/** In characters, which PostgreSQL counts. */
function leastLength({ from = '', constant, prefix = '' }: ColumnPlanOptions): number {
  return [...prefix + (constant ?? '')].length + (KNOWN_LENGTHS[from] ?? 0);
}

function whatIsWritten({ kind, plan: { from, constant, prefix } }: MappedColumn): string {
  if (constant !== undefined) return 'the constant';
  return `${JSON.stringify(from)} (kind ${kind}${prefix ? ', behind a prefix' : ''})`;
}

function byName(types: readonly string[], kinds: readonly ColumnKindName[]): Record<string, readonly ColumnKindName[]> {
  return Object.fromEntries(types.map((type) => [type, kinds]));
}
