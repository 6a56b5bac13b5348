import { backoffSeconds } from './backoff';
import { reasonAttributes } from './dead-letters';
import type { LogLine, Outcome } from './log';
import { loggedError } from './logged-error';
import { postpone, type QueueOptions, sendToQueue } from './queue';
import type { Deadline } from '../deadline';
import { UserStoreError, UserSyncError } from '../errors';
import { sideBySide } from '../side-by-side';
import type { QueueRecord } from '../sources/queue-event';
import { type QueuedUser, queueMessage } from '../sources/queue-message';
import { hadNoTurn } from '../sources/user-directory';

/** What became of the messages about one user, or of one that cannot be read. */
export interface Settlement {
  readonly records: readonly QueueRecord[];
  /** The newest of them. */
  readonly record: QueueRecord;
  /** What it says; undefined where that cannot be read. */
  readonly queued?: QueuedUser;
  readonly outcome: Outcome;
  readonly error?: unknown;
  /** Until the messages come again; undefined where none does. */
  readonly seconds?: number;
}

/** Longer than what ListUsers tells may be behind: see `userDirectory`. */
const READ_AGAIN_SECONDS = 15;

/** Of a user whom Cognito did not find. SQS delays a message by 900 at most. */
const MISSING_SECONDS = 300;

const SENDS_AT_ONCE = 5;

type Unsettled = Omit<Settlement, 'outcome' | 'error' | 'seconds'>;

/** SQS deletes what has waited for the queue's retention, by default 4 days, and leaves no dead letter. */
const MOST_WAITING_MILLIS = 3.5 * 86_400_000;

/** Until those come again whom Cognito was not asked for, between this and twice as much. */
const NO_TURN_SECONDS = 30;

/** A store that asks to be left alone for days must not make the queue forget its users. */
const MOST_RETRY_AFTER_SECONDS = 900;

/** What is wrong with this user goes to the dead letters, and who has waited too long; whatever else is wrong may be mended meanwhile. */
export function failed(messages: Unsettled, error: unknown): Settlement {
  const isPermanent = error instanceof UserSyncError && error.failure === 'permanent';
  return isPermanent || hasWaitedTooLong(messages) ? { ...messages, outcome: 'deadLettered', error } : returned(messages, error);
}

/** The row was newer than what we knew: the user is read from Cognito (again) before the message is done. */
export function readLater(messages: Unsettled, seconds: number): Settlement {
  if (hasWaitedTooLong(messages)) return { ...messages, outcome: 'deadLettered', error: new UserStoreError('transient', 'what is there says each time that it is newer than what Cognito tells: check the column of observedAt, and the clock of whoever writes it') };
  return { ...messages, outcome: 'waiting', seconds: Math.max(seconds, READ_AGAIN_SECONDS, backoff(messages)) };
}

/** Sends what must be sent; a message that could not be sent stays where it is. */
export async function settle(settlements: readonly Settlement[], queue: QueueOptions, deadLetterQueue: QueueOptions, deadline: Deadline): Promise<readonly Settlement[]> {
  const done = [...settlements];
  await sideBySide(settlements.map((_, index) => index), SENDS_AT_ONCE, async (index) => {
    const settlement = settlements[index];
    const { outcome, queued, record, error } = settlement;
    try {
      if (outcome === 'deadLettered') {
        // With what only an older message of the user's has, which goes now.
        await sendToQueue(deadLetterQueue, queued ? queueMessage(queued) : record.body, deadline, { attributes: reasonAttributes(error) });
      } else if (outcome === 'missing') {
        const missingSince = queued!.missingSince ?? new Date();
        await sendToQueue(queue, queueMessage({ ...queued!, missingSince }), deadline, { delaySeconds: MISSING_SECONDS });
      }
    } catch (sendError) {
      done[index] = returned(settlement, sendError);
    }
  });
  const again = done.flatMap(({ records, seconds }) => (seconds === undefined ? [] : records.map(({ receiptHandle }) => ({ receiptHandle, seconds }))));
  // Without it they come again after the queue's visibility timeout.
  await postpone(queue, again, deadline).catch(() => undefined);
  return done;
}

function hasWaitedTooLong({ record }: Unsettled): boolean {
  return Date.now() - Number(record.attributes?.SentTimestamp ?? Date.now()) > MOST_WAITING_MILLIS;
}

export function lineOf({ record, queued, outcome, error }: Settlement): LogLine {
  const [level, message] = LINES[outcome] ?? ['INFO', 'nothing had to be written'];
  return { level, message, sub: queued?.sub, outcome, messageId: record.messageId, error: error === undefined ? undefined : loggedError(error) };
}

function returned(messages: Unsettled, error: unknown): Settlement {
  if (hadNoTurn(error)) return { ...messages, outcome: 'waiting', seconds: Math.ceil(NO_TURN_SECONDS * (1 + Math.random())) };
  return { ...messages, outcome: 'returned', error, seconds: Math.max(backoff(messages), Math.min(MOST_RETRY_AFTER_SECONDS, retryAfterSeconds(error))) };
}

/** How long whoever refused asked to be left alone. */
export function retryAfterSeconds(error: unknown): number {
  return (Object(error) as Partial<UserStoreError>).retryAfterSeconds ?? 0;
}

function backoff({ record }: Unsettled): number {
  return backoffSeconds(Number(record.attributes?.ApproximateReceiveCount ?? 1));
}

const LINES: { readonly [outcome in Outcome]?: readonly [LogLine['level'], string] } = {
  written: ['INFO', 'row written'],
  waiting: ['INFO', 'the user is read from Cognito a little later'],
  missing: ['INFO', 'Cognito does not list the user: asked again in some minutes'],
  gone: ['INFO', 'Cognito has no such user any more: no row is written'],
  returned: ['WARN', 'the row could not be written now: the user stays in the queue'],
  deadLettered: ['ERROR', 'this user cannot be written as they are: they wait with the dead letters'],
};
