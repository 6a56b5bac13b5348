import type { ColumnKindName, ColumnWriteName } from '../src/private/plan';

/**
 * Column → value as PostgreSQL would read it as text, or null. A column that is not there stays as it is.
 * A map, since a column may have any name, `__proto__` included.
 */
export type UserRow = ReadonlyMap<string, string | null>;

/** What a store must know of a column, apart from its value. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKindName;
  readonly write: ColumnWriteName;
  /** Holds the observation time: an older one never wins. */
  readonly isVersion: boolean;
}
