import type { Deadline } from './deadline';
import type { UserRow } from './user-row';

/** Where rows live. */
export interface UserStore {
  /**
   * Writes each row, so that its key has exactly one row that holds these values.
   *
   * @returns what happened to each row, in order
   * @throws `UserSyncError`, never a driver's error
   */
  write(rows: readonly UserRow[], deadline: Deadline): Promise<readonly WriteOutcome[]>;
}

/** `unchanged`: the row held these values already (or newer ones), and nothing was written. */
export type WriteOutcome = 'written' | 'unchanged';
