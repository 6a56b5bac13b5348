import type { ColumnKindName, ColumnWriteName } from '../src/private/plan';

/**
 * Column → value as PostgreSQL would read it as text, or null. A column that is not there stays as it is.
 * A map, since a column may have any name, `__proto__` included.
 */
export interface UserRow extends ReadonlyMap<string, string | null> {
  /** Tells this state of this user from any other: for a store whose requests may arrive twice. */
  readonly observation?: string;
}

/** A row that knows which state of whom it shows. */
export class ObservedRow extends Map<string, string | null> implements UserRow {
  // No property of the map itself: two rows are equal by their columns.
  readonly #observation?: string;

  constructor(columns: Iterable<readonly [string, string | null]>, observation?: string) {
    super(columns);
    this.#observation = observation;
  }

  get observation(): string | undefined {
    return this.#observation;
  }
}

/** What a store must know of a column, apart from its value. */
export interface Column {
  readonly name: string;
  readonly kind: ColumnKindName;
  readonly write: ColumnWriteName;
  /** Holds the observation time: an older one never wins. */
  readonly isVersion: boolean;
  /** Holds the user's `sub`, and so tells whose row it is. */
  readonly isSub: boolean;
}
