import type { CognitoUser } from './cognito-user';
import type { Outcome } from './delivery/log';
import { loggedError } from './delivery/logged-error';
import { configurationError, type QueueOptions, sendToQueue } from './delivery/queue';
import { type Report, reporting, type ReportingOptions } from './delivery/reporting';
import { type InvocationContext, SignUpDeadlines } from './delivery/sign-up-deadline';
import { deliver, type Delivered, type SignUpDelivery, type WaitingPlace } from './delivery/sign-up-delivery';
import { ConfigurationError, UserStoreError } from './errors';
import { mapsClientMetadata } from './mapping/client-metadata';
import { monotonicMillis } from './monotonic-clock';
import { queuedUser, queueMessage } from './sources/queue-message';
import { type CognitoTriggerEvent, isPostConfirmation, userOfTriggerEvent } from './sources/trigger-event';
import { postgresStore } from './stores/postgres/postgres-store';
import { userDatabase, type UserDatabaseOptions } from './user-database-options';
import type { UsersTable, WriteOutcome } from './user-store';
import { userSync, type UserSyncOptions } from './user-sync';
import { DELIVERY_MODES, type DeliveryMode } from '../src/private/plan';

export interface PostConfirmationOptions extends SignUpOptions {
  /** The table and the way to it: PostgreSQL, DynamoDB, or a user service. Not needed for delivery `queued`. */
  readonly database?: UserDatabaseOptions;
}

export interface SignUpOptions extends UserSyncOptions, ReportingOptions {
  /**
   * Where users wait whose row could not be written within the time that Cognito gives: a queue of SQS, whose messages
   * `createQueueConsumer` writes. The function's role needs `sqs:SendMessage` on it.
   *
   * @default - nowhere: such a user is unrecorded
   */
  readonly queue?: QueueOptions;
  /**
   * Takes the users whose row could not be written, and that no queue took. Whoever it hands them to must keep them.
   *
   * @default - nobody: such a user is unrecorded
   */
  readonly onUnwritten?: (user: CognitoUser, error: unknown) => void | Promise<void>;
  /**
   * `inline`: the row is there when sign-up returns, or the user waits in the queue. `queued`: every user goes to the
   * queue, for databases that pause or are far away.
   *
   * @default 'inline'
   */
  readonly delivery?: DeliveryMode;
  /**
   * Whether sign-up fails, with a text that tells nothing, for a user whom neither the table nor the queue took. The user
   * may be confirmed all the same.
   *
   * @default false
   */
  readonly failSignUp?: boolean;
  /**
   * Called after the row is there, before sign-up goes on. It may not take longer than is left of the 4 seconds; what
   * it throws is logged by its name and does not fail the sign-up.
   *
   * @default - nothing
   */
  readonly afterSync?: (user: CognitoUser, outcome: WriteOutcome) => void | Promise<void>;
}

/** Answers every event with the event itself, as Cognito demands: sign-up is never blocked, unless `failSignUp` says so. */
export type PostConfirmationHandler = <Event extends CognitoTriggerEvent>(event: Event, context?: InvocationContext) => Promise<Event>;

/**
 * Creates the Lambda handler of a user pool's Post Confirmation trigger. Every confirmed user gets exactly one row; a
 * user whose row cannot be written now waits in the queue. A wrong configuration, a value that does not fit and a
 * database that cannot be reached become one line of the log each, and never a failed sign-up.
 *
 * @example
 * export const handler = createPostConfirmationHandler({
 *   database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
 *   columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name' },
 *   queue: { url: process.env.QUEUE_URL },
 * });
 */
export function createPostConfirmationHandler(options: PostConfirmationOptions): PostConfirmationHandler {
  return postConfirmationHandler(options, () => userDatabase(options.database, postgresStore));
}

/**
 * The same, for a table in whatever kind of database.
 *
 * @param table asked for while loading, where sign-up waits for the row. What it throws is told, and does not keep the function from loading
 */
export function postConfirmationHandler(options: SignUpOptions, table: () => UsersTable): PostConfirmationHandler {
  const { afterSync, failSignUp } = options;
  const report = reporting(options);
  const delivery = signUpDelivery(options, table, report);
  const deadlines = new SignUpDeadlines();

  return async (event, context) => {
    const startedAt = monotonicMillis();
    const { triggerSource, sub } = identified(event);
    const tell = (level: 'INFO' | 'WARN' | 'ERROR', message: string, outcome: Outcome, more: object = {}, isCounted = true) => report(
      { level, message, sub, triggerSource, outcome, milliseconds: Math.round((monotonicMillis() - startedAt) * 10) / 10, requestId: context?.awsRequestId, ...more },
      isCounted ? { [outcome]: 1 } : {}, context?.functionName,
    );
    if (!isPostConfirmation({ triggerSource })) {
      tell('INFO', 'not a post confirmation event: passed through', 'ignored', {}, false);
      return event;
    }
    const deadline = deadlines.next(context);
    const [user, delivered] = await read(event, (known) => deliver(known, delivery, deadline));
    const { outcome, error, waitingError } = delivered;
    switch (outcome) {
      case 'queued':
        if (error === undefined) tell('INFO', 'the user waits in the queue', outcome);
        else tell('WARN', 'the row could not be written now: the user waits in the queue', outcome, { error: loggedError(error) });
        break;
      case 'unrecorded':
        tell('ERROR', 'neither the table nor a queue took this user', outcome, {
          error: error === undefined ? undefined : loggedError(error),
          waitingError: waitingError === undefined ? undefined : loggedError(waitingError),
        });
        if (failSignUp) throw new SignUpError();
        break;
      default:
        tell('INFO', outcome === 'written' ? 'row written' : 'nothing had to be written', outcome);
        if (afterSync) {
          await deadline.race((async () => afterSync(user!, outcome))(), () => new TimeoutError())
            .catch((failure) => tell('ERROR', 'afterSync failed', outcome, { error: loggedError(failure) }, false));
        }
    }
    return event;
  };
}

/** Shown to the person who signs up: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html */
class SignUpError extends Error {
  override readonly name = 'SignUpError';

  constructor() {
    super('Your account could not be set up. Please try again later.');
  }
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

function signUpDelivery(options: SignUpOptions, table: () => UsersTable, report: Report): SignUpDelivery {
  let ready: SignUpDelivery['write'];
  const writer = rowWriter(options, table);
  writer.then((write) => {
    ready = write;
  }, () => undefined);
  // Told while loading and with every event; it must not keep the function from loading.
  writer.catch((error) => report({ level: 'ERROR', message: 'the configuration is wrong: no row will be written', error: loggedError(error) }));
  // Told before it is needed: while the table takes everybody, nobody would notice.
  const queueError = options.queue && configurationError(options.queue);
  if (queueError) report({ level: 'ERROR', message: 'the configuration is wrong: no user can wait', error: loggedError(queueError) });
  return {
    write: options.delivery === 'queued' ? undefined : async (user, deadline) => (ready ?? (await deadline.race(writer, tooSlow))!)(user, deadline),
    waitingPlaces: waitingPlaces(options),
  };
}

function tooSlow(): UserStoreError {
  return new UserStoreError('transient', 'the way to the table was not ready in time');
}

/**
 * @returns undefined where users are only queued
 * @throws ConfigurationError
 */
async function rowWriter(options: SignUpOptions, table: () => UsersTable): Promise<SignUpDelivery['write']> {
  const { delivery = 'inline', queue, onUnwritten } = options;
  if (delivery === 'queued') {
    if (!queue && !onUnwritten) throw new ConfigurationError('got delivery "queued" without a queue: expected queue, or onUnwritten');
    return undefined;
  }
  if (delivery !== 'inline') throw new ConfigurationError(`got delivery ${JSON.stringify(delivery)}: expected one of ${DELIVERY_MODES.join(', ')}`);
  const { toRow, store } = await userSync(table(), options);
  return async (user, deadline) => {
    const [result] = await store.write([toRow(user)], deadline);
    if (typeof result === 'string') return result;
    throw result;
  };
}

function waitingPlaces({ queue, onUnwritten, columns }: SignUpOptions): WaitingPlace[] {
  const places: WaitingPlace[] = [];
  // As often as there is time for: nobody else keeps the user.
  if (queue) places.push(async (user, deadline) => sendToQueue(queue, queueMessage(queuedUser(user, mapsClientMetadata(columns))), deadline, { attempts: Infinity }));
  if (onUnwritten) places.push(async (user, _deadline, error) => onUnwritten(user, error));
  return places;
}

/** The user, and where they ended. */
async function read(event: CognitoTriggerEvent, delivered: (user: CognitoUser) => Promise<Delivered>): Promise<[CognitoUser | undefined, Delivered]> {
  try {
    const user = userOfTriggerEvent(event, new Date());
    return [user, await delivered(user)];
  } catch (error) {
    return [undefined, { outcome: 'unrecorded', error }];
  }
}

/** What the log may tell of an event, whatever was sent. */
function identified(event: unknown): { readonly triggerSource?: string; readonly sub?: string } {
  const { triggerSource, request } = Object(event);
  const sub = request?.userAttributes?.sub;
  return {
    triggerSource: typeof triggerSource === 'string' ? triggerSource : undefined,
    sub: typeof sub === 'string' ? sub : undefined,
  };
}
