import type { Deadline } from './deadline';
import type { UserSyncError } from './errors';
import type { Column, UserRow } from './user-row';
import type { ColumnNames } from '../src/private/plan';

/** Where rows live. */
export interface UserStore {
  /**
   * Writes each row, so that its key has exactly one row that holds these values.
   *
   * @returns what happened to each row, in order; a row that the store refused for what is in it has its error there,
   * and the others are written
   * @throws `UserSyncError`, never a driver's error, where the store failed whatever is in the rows: any of them may
   * have been written, and all may be written again
   */
  write(rows: readonly UserRow[], deadline: Deadline): Promise<readonly WriteResult[]>;
  /** For who waited, and may be late: as `write`, but a row that is there stays as it is, and is `unchanged`. */
  insert(rows: readonly UserRow[], deadline: Deadline): Promise<readonly WriteResult[]>;
}

export type WriteResult = WriteOutcome | UserSyncError;

/** `unchanged`: the row held these values already (or newer ones), and nothing was written. */
export type WriteOutcome = 'written' | 'unchanged';

/** The users table, in whatever kind of database: all that the path from a user to their row knows of it. */
export interface UsersTable {
  /** As it was configured: the only column that is mapped from `sub` where it was not. */
  readonly key?: readonly string[];
  /** How its columns may be called. @default 'sql' */
  readonly names?: ColumnNames;
  /** Whether its store keeps a user from writing another one's row, so that the key may do without `sub`. @default false */
  readonly isGuarded?: boolean;
  /** Starts connecting, and never fails. Settles when there is time for other work. */
  open?(): Promise<void>;
  /** @throws ConfigurationError */
  store(key: readonly string[], columns: readonly Column[]): UserStore;
}
