import type { Deadline } from '../deadline';
import { UserStoreError, UserSyncError } from '../errors';
import { sideBySide } from '../side-by-side';
import type { WriteOutcome, WriteResult } from '../user-store';

/** How a store writes whose users go by requests of their own. */
export interface RowByRow<Row> {
  /** Rows of one user have the same. */
  readonly userOf: (row: Row) => string;
  readonly atOnce: number;
  readonly deadline: Deadline;
  /** @throws UserSyncError about this row, or about what would happen to each */
  readonly write: (row: Row) => Promise<WriteOutcome>;
}

/**
 * Rows of one user one after the other, the others side by side.
 *
 * Whether a failure is everybody's, no single one tells: it is where a whole round failed, and nobody was taken or refused
 * for what is in them. Time alone says nothing of that: who was not done in time has that in their place.
 *
 * @param rows an error stands for a row that nobody can be asked for
 * @returns what happened to each, in order
 * @throws UserSyncError where it happens to all
 */
export async function rowByRow<Row extends object>(rows: ReadonlyArray<Row | UserSyncError>, { userOf, atOnce, deadline, write }: RowByRow<Row>): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = rows.map((row) => (row instanceof UserSyncError ? row : notBegun()));
  let isAnybodyTaken = false;
  let failures = 0;
  let everybodys: UserSyncError | undefined;
  let leftAlone: UserStoreError | undefined;
  await sideBySide(usersIn(rows, userOf), atOnce, async (user) => {
    for (const [place, row] of user) {
      if (everybodys || deadline.remaining() === 0) return;
      if (leftAlone) {
        results[place] = leftAlone;
        continue;
      }
      const result = results[place] = await write(row).catch(asResult);
      isAnybodyTaken ||= typeof result === 'string' || result.failure === 'permanent';
      if (typeof result === 'string' || isTime(result)) continue;
      leftAlone ??= longerThan(deadline, result);
      failures += 1;
      if (failures >= atOnce && !isAnybodyTaken) everybodys ??= result;
    }
  });
  if (everybodys) throw everybodys;
  return results;
}

/** Of what is left, for one answer: where others wait, a slow one does not take all of it. */
export function timeForOneAnswer(deadline: Deadline, rows: number): Deadline {
  return rows > 1 ? deadline.within(Math.max(LEAST_MILLIS_FOR_ONE, deadline.remaining() * MOST_OF_TIME_FOR_ONE)) : deadline;
}

const MOST_OF_TIME_FOR_ONE = 0.25;
const LEAST_MILLIS_FOR_ONE = 1_000;

function usersIn<Row extends object>(rows: ReadonlyArray<Row | UserSyncError>, userOf: (row: Row) => string): Array<Array<readonly [place: number, row: Row]>> {
  const users = new Map<string, Array<readonly [number, Row]>>();
  for (const [place, row] of rows.entries()) {
    if (row instanceof UserSyncError) continue;
    const user = userOf(row);
    users.set(user, [...users.get(user) ?? [], [place, row]]);
  }
  return [...users.values()];
}

function notBegun(): UserStoreError {
  return new UserStoreError('transient', 'there was no time left to ask for this user', { code: 'ETIMEDOUT' });
}

function isTime({ code }: UserSyncError & { readonly code?: string }): boolean {
  return code === 'ETIMEDOUT';
}

/** Whoever asks to be left alone for longer than there is time is not asked for anybody else. */
function longerThan(deadline: Deadline, { code, retryAfterSeconds }: UserSyncError & { readonly code?: string; readonly retryAfterSeconds?: number }): UserStoreError | undefined {
  if (retryAfterSeconds === undefined || retryAfterSeconds * 1000 < deadline.remaining()) return undefined;
  return new UserStoreError('transient', 'not asked for this user: asked for another one, it wants to be left alone for a while', { code, retryAfterSeconds });
}

function asResult(error: unknown): UserSyncError {
  if (error instanceof UserSyncError) return error;
  throw error;
}
