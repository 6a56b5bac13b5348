import { quoteIdentifier } from '../../../src/private/identifiers';
import type { InspectedColumn } from '../inspection/columns';

/** Every type becomes text by itself. Others keep their default where PostgreSQL casts it on assignment. */
const CASTABLE: readonly ReadonlySet<string>[] = [
  new Set(['int2', 'int4', 'int8', 'bigint', 'numeric', 'float4', 'float8']),
  new Set(['date', 'timestamp', 'timestamptz']),
];

/**
 * By way of text, which every type can be read from. What hinders it is dropped first: an identity column must be a
 * whole number, and a default that cannot be cast fails the statement.
 */
export function changeType(table: string, { name, baseType, hasDefault, identity }: InspectedColumn, type: string): string {
  const column = quoteIdentifier(name);
  const keepsDefault = type === 'text' || CASTABLE.some((types) => types.has(baseType) && types.has(type));
  return [
    ...(identity === '' ? [] : [`alter table ${table} alter column ${column} drop identity;`]),
    ...(hasDefault && !keepsDefault ? [`alter table ${table} alter column ${column} drop default;`] : []),
    `alter table ${table} alter column ${column} type ${type} using ${column}::text::${type};`,
  ].join('\n');
}
