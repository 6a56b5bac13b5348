import type { CognitoUser } from '../cognito-user';
import type { Deadline } from '../deadline';
import { QueueError, UserStoreError } from '../errors';
import type { WriteOutcome } from '../user-store';

/** Where a user can end. */
export interface SignUpDelivery {
  /** Keeps to its deadline. Left out where users are only queued. */
  readonly write?: (user: CognitoUser, deadline: Deadline) => Promise<WriteOutcome>;
  /** Where users wait whose row could not be written, in the order in which they are tried. */
  readonly waitingPlaces: readonly WaitingPlace[];
}

/** @param error why the row was not written; undefined where that was not tried */
export type WaitingPlace = (user: CognitoUser, deadline: Deadline, error: unknown) => Promise<void>;

export interface Delivered {
  readonly outcome: WriteOutcome | 'queued' | 'unrecorded';
  /** Why the row was not written. */
  readonly error?: unknown;
  /** Why the user does not wait. */
  readonly waitingError?: unknown;
}

/** Kept of the time for the queue: enough for a connection of its own and another try. */
const QUEUE_MILLIS = 1_200;

/** Where there is less time, as after a slow start. */
const MOST_OF_TIME_FOR_QUEUE = 0.35;

/** With less than this, all of it is the queue's. */
const LEAST_MILLIS_FOR_TABLE = 1_000;

/** Table, else queue, within the deadline whatever they do. Never throws. */
export async function deliver(user: CognitoUser, { write, waitingPlaces }: SignUpDelivery, deadline: Deadline): Promise<Delivered> {
  let error: unknown;
  if (write) {
    try {
      const limit = waitingPlaces.length === 0 ? deadline : timeForTable(deadline);
      return { outcome: await write(user, limit) };
    } catch (caught) {
      error = caught;
    }
  }
  let waitingError: unknown;
  for (const wait of waitingPlaces) {
    try {
      await deadline.race(wait(user, deadline, error), () => new QueueError('transient', 'the queue did not answer in time'));
      return { outcome: 'queued', error };
    } catch (caught) {
      waitingError = caught;
    }
  }
  return { outcome: 'unrecorded', error, waitingError };
}

function timeForTable(deadline: Deadline): Deadline {
  const left = deadline.remaining();
  if (left < LEAST_MILLIS_FOR_TABLE) throw new UserStoreError('transient', 'the function started so slowly that there was no time left for the table');
  return deadline.within(left - Math.min(QUEUE_MILLIS, left * MOST_OF_TIME_FOR_QUEUE));
}
