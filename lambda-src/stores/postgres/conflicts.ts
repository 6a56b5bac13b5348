import type { Deadline } from '../../deadline';

/**
 * Serialization failure and deadlock, and what Aurora DSQL says of the former: another transaction changed the row
 * (OC000) or the schema (OC001). https://docs.aws.amazon.com/aurora-dsql/latest/userguide/troubleshooting.html
 */
const CONFLICT = /^(40001|40P01|OC00[01])$/;

const TRIES_AGAIN = 4;
const MOST_PAUSE_MILLIS = 100;

/** Does a transaction again where another one was in its way, after a moment that is not the same for both. */
export async function pastConflicts<T>(transaction: () => Promise<T>, deadline: Deadline): Promise<T> {
  let conflict: unknown;
  for (let triesLeft = TRIES_AGAIN; ; triesLeft--) {
    try {
      return await transaction();
    } catch (error) {
      // It says more than that there was no time left for another try.
      if (conflict !== undefined && deadline.remaining() === 0) throw conflict;
      const pause = 1 + Math.random() * (MOST_PAUSE_MILLIS - 1);
      if (triesLeft === 0 || deadline.remaining() <= pause || !CONFLICT.test(Object(error).code)) throw error;
      conflict = error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
