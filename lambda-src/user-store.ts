import type { Deadline } from './deadline';
import type { UserSyncError } from './errors';
import type { UserRow } from './user-row';

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
}

/** For who waited, and may be late. */
export interface BulkUserStore extends UserStore {
  /** As `write`, but a row that is there stays as it is, and is `unchanged`. */
  insert(rows: readonly UserRow[], deadline: Deadline): Promise<readonly WriteResult[]>;
}

export type WriteResult = WriteOutcome | UserSyncError;

/** `unchanged`: the row held these values already (or newer ones), and nothing was written. */
export type WriteOutcome = 'written' | 'unchanged';
