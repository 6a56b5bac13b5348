import { awsEnvironment } from './aws/environment';
import { Deadline } from './deadline';
import { loggedError } from './delivery/logged-error';
import type { QueueOptions } from './delivery/queue';
import { reporting, type ReportingOptions } from './delivery/reporting';
import { failed, lineOf, readLater, retryAfterSeconds, settle, type Settlement } from './delivery/settlement';
import type { InvocationContext } from './delivery/sign-up-deadline';
import { QueueMessageError, UserDirectoryError, UserStoreError } from './errors';
import { monotonicMillis } from './monotonic-clock';
import { sideBySide } from './side-by-side';
import { currentUser, isFresh, type Receipt, secondsToWait, secondsUntilRead } from './sources/current-user';
import type { QueueAnswer, QueueEvent } from './sources/queue-event';
import { readQueueMessage, userOfQueueMessage } from './sources/queue-message';
import { type UserDirectory, userDirectory } from './sources/user-directory';
import { byUser, receiptOf, type UserMessages, type WaitingUser } from './sources/waiting-users';
import { bulkPostgresStore } from './stores/postgres/bulk-postgres-store';
import { userDatabase, type UserDatabaseOptions } from './user-database-options';
import type { UserRow } from './user-row';
import type { UsersTable } from './user-store';
import { type UserSync, userSync, type UserSyncOptions } from './user-sync';

export interface QueueConsumerOptions extends ConsumerOptions {
  /** The table and the way to it: PostgreSQL, DynamoDB, or a user service. */
  readonly database: UserDatabaseOptions;
}

export interface ConsumerOptions extends UserSyncOptions, ReportingOptions {
  /** The queue that the messages come from. The role needs `sqs:SendMessage` and `sqs:ChangeMessageVisibility` on it. */
  readonly queue: QueueOptions;
  /** Takes the users that cannot be written until somebody mends what is wrong. The role needs `sqs:SendMessage` on it. */
  readonly deadLetterQueue: QueueOptions;
  /**
   * The only user pool whose users are written; its messages are read again from Cognito by `cognito-idp:ListUsers` and
   * `cognito-idp:AdminGetUser`, which the role needs on it.
   *
   * @default - whichever pool the role may read
   */
  readonly userPoolId?: string;
  /**
   * Unique id (`AROA…`) of the role that the Post Confirmation function has. A user that somebody else sent is read
   * again from Cognito before they are written.
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
   *
   * @default - whoever may send to the queue is believed
   */
  readonly trustedSender?: string;
  /**
   * Most users that are read from Cognito in a second. All pools of the account share 30, and sign-in may need some.
   *
   * @default 10
   */
  readonly readsPerSecond?: number;
}

/** Answers which messages come again. */
export type QueueConsumer = (event: QueueEvent, context?: InvocationContext) => Promise<QueueAnswer>;

/** Of the invocation's time: kept to send and tell what did not get done. */
const SETTLING_MILLIS = 10_000;
const MOST_OF_TIME_FOR_SETTLING = 0.3;

/** Kept of the rest for writing those who were read. */
const MOST_OF_TIME_FOR_READING = 0.7;

/** Kept of that for a store that ran out of time to tell what it did until then. */
const TELLING_MILLIS = 200;
const MOST_OF_TIME_FOR_TELLING = 0.1;

/** Where Lambda does not tell how much time there is. */
const UNTOLD_MILLIS = 30_000;

/** So many users are read from Cognito before they are written: where that fails, no more of its quota is used up. */
const READ_BEFORE_WRITING = 50;

const READS_AT_ONCE = 5;

/**
 * Creates the Lambda handler that writes the users who wait in the queue. Its event source mapping must have
 * `ReportBatchItemFailures`.
 *
 * @example
 * export const handler = createQueueConsumer({
 *   database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
 *   columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name' },
 *   queue: { url: process.env.QUEUE_URL },
 *   deadLetterQueue: { url: process.env.DEAD_LETTER_QUEUE_URL },
 *   userPoolId: process.env.USER_POOL_ID,
 * });
 */
export function createQueueConsumer(options: QueueConsumerOptions): QueueConsumer {
  return queueConsumer(options, () => userDatabase(options.database, bulkPostgresStore));
}

/**
 * The same, for a table in whatever kind of database.
 *
 * @param table asked for while loading. What it throws is told, and does not keep the function from loading
 */
export function queueConsumer(options: ConsumerOptions, table: () => UsersTable): QueueConsumer {
  const { queue, deadLetterQueue, readsPerSecond = 10 } = options;
  const report = reporting(options);
  const syncing = (async () => userSync(table(), options))();
  // Told while loading and with every batch; it must not keep the function from loading.
  syncing.catch((error) => report({ level: 'ERROR', message: 'the configuration is wrong: no row will be written', error: loggedError(error) }));
  const directory = userDirectory({ credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('COGNITO_IDENTITY_PROVIDER') }, readsPerSecond);

  return async (event, context) => {
    const startedAt = monotonicMillis();
    const end = Deadline.after((context?.getRemainingTimeInMillis?.() ?? UNTOLD_MILLIS) - 500);
    const left = end.remaining();
    const [settledByReading, users] = readBatch(event, options);
    const settledByWriting = await writeUsers(users, { syncing, directory, options }, end.within(left - Math.min(SETTLING_MILLIS, left * MOST_OF_TIME_FOR_SETTLING)));
    const settlements = await settle([...settledByReading, ...settledByWriting], queue, deadLetterQueue, end);
    const line = { milliseconds: Math.round(monotonicMillis() - startedAt), requestId: context?.awsRequestId };
    for (const settlement of settlements) report({ ...lineOf(settlement), ...line });
    report({ level: 'INFO', message: 'batch done', ...line }, counts(settlements), context?.functionName);
    return { batchItemFailures: settlements.flatMap(({ seconds, records }) => (seconds === undefined ? [] : records.map(({ messageId }) => ({ itemIdentifier: messageId })))) };
  };
}

/** Messages that nothing can be written of (yet), and users that may be written. */
function readBatch({ Records }: QueueEvent, { userPoolId, trustedSender }: ConsumerOptions): [Settlement[], UserMessages[]] {
  const settlements: Settlement[] = [];
  const waiting: WaitingUser[] = [];
  for (const record of Records) {
    const messages = { records: [record], record };
    try {
      const queued = readQueueMessage(record.body);
      if (userPoolId !== undefined && queued.userPoolId !== userPoolId) throw new QueueMessageError('the message is of another user pool than this sync\'s: check what sends to the queue');
      const receipt = receiptOf(record, trustedSender);
      const seconds = secondsToWait(queued, receipt);
      if (seconds > 0) settlements.push({ ...messages, queued, outcome: 'waiting', seconds });
      else waiting.push({ record, queued, receipt, isFresh: isFresh(queued, receipt) });
    } catch (error) {
      settlements.push(failed(messages, error));
    }
  }
  return [settlements, byUser(waiting)];
}

interface Steps {
  readonly syncing: Promise<UserSync>;
  readonly directory: UserDirectory;
  readonly options: ConsumerOptions;
}

/**
 * Who is fresh comes first and waits for nobody; then the others, some at a time. Where the table fails all of them, or
 * asks to be left alone, the rest is not read.
 */
async function writeUsers(users: readonly UserMessages[], steps: Steps, deadline: Deadline): Promise<Settlement[]> {
  const fresh = users.filter(({ newest }) => newest.isFresh);
  const others = users.filter(({ newest }) => !newest.isFresh);
  const settlements: Settlement[] = [];
  let failure: unknown;
  for (const part of [fresh, ...parts(others)]) {
    if (failure !== undefined) settlements.push(...part.map((user) => failed(messagesOf(user), failure)));
    else settlements.push(...await writeTogether(part, part === fresh, steps, deadline).catch((error) => part.map((user) => failed(messagesOf(user), failure = error))));
    failure ??= settlements.find(({ error }) => retryAfterSeconds(error) * 1000 > deadline.remaining())?.error;
  }
  return settlements;
}

/**
 * The path for each of them: CognitoUser → UserRow → store, all rows at once.
 *
 * @param areFresh written as they were seen a moment ago. Without a version column the row may be newer than that, and
 * stays; when the user may be read from Cognito, they are
 * @throws UserSyncError where the store failed whatever is in the rows
 */
async function writeTogether(users: readonly UserMessages[], areFresh: boolean, { syncing, directory, options }: Steps, deadline: Deadline): Promise<Settlement[]> {
  const { toRow, store, isVersioned } = await syncing;
  const readBy = deadline.within(deadline.remaining() * MOST_OF_TIME_FOR_READING);
  const settlements: Settlement[] = [];
  const rows: Array<{ readonly user: UserMessages; readonly row: UserRow }> = [];
  await sideBySide(users, READS_AT_ONCE, async (user) => {
    const { newest: { queued, receipt } } = user;
    try {
      const current = areFresh ? userOfQueueMessage(queued)! : await currentUser(queued, receipt, directory, readBy);
      if (typeof current === 'string') settlements.push({ ...messagesOf(user), outcome: current });
      else rows.push({ user, row: toRow(current) });
    } catch (error) {
      settlements.push(failed(messagesOf(user), isForeignPool(error, receipt, options) ? new QueueMessageError('the role may not read the message\'s user pool, and could not for an hour: check what sends to the queue') : error));
    }
  });
  if (rows.length === 0) return settlements;
  const write = areFresh && !isVersioned ? store.insert : store.write;
  const storeDeadline = deadline.within(deadline.remaining() - Math.min(TELLING_MILLIS, deadline.remaining() * MOST_OF_TIME_FOR_TELLING));
  const results = await deadline.race(write(rows.map(({ row }) => row), storeDeadline), () => new UserStoreError('transient', 'the rows were not written in time'));
  return [...settlements, ...rows.map(({ user }, index) => {
    const result = results[index];
    const messages = messagesOf(user);
    if (typeof result !== 'string') return failed(messages, result);
    const mayBeNewer = result === 'unchanged' && areFresh !== isVersioned;
    return mayBeNewer ? readLater(messages, areFresh ? secondsUntilRead(user.newest.queued, user.newest.receipt) : 0) : { ...messages, outcome: result };
  })];
}

function messagesOf({ newest: { record, queued }, records }: UserMessages) {
  return { record, queued, records };
}

function parts(users: readonly UserMessages[]): UserMessages[][] {
  return Array.from({ length: Math.ceil(users.length / READ_BEFORE_WRITING) }, (_, index) => users.slice(index * READ_BEFORE_WRITING, (index + 1) * READ_BEFORE_WRITING));
}

/**
 * Where the consumer does not know its pool by name, what it may read tells; after a while, since a policy may also come
 * late or be taken away for a moment.
 */
function isForeignPool(error: unknown, { sentAt }: Receipt, { userPoolId }: ConsumerOptions): boolean {
  const isRefused = error instanceof UserDirectoryError && /^(AccessDenied|ResourceNotFound)Exception$/.test(error.code ?? '');
  return isRefused && userPoolId === undefined && Date.now() - sentAt > FOREIGN_MILLIS;
}

const FOREIGN_MILLIS = 3_600_000;

/** And the age of the oldest user who still waits: SQS's own metric leaves out what was received more than three times. */
function counts(settlements: readonly Settlement[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { outcome, records } of settlements) counted[outcome] = (counted[outcome] ?? 0) + records.length;
  const returned = settlements.flatMap(({ outcome, queued }) => (queued && outcome === 'returned' ? [queued.observedAt.getTime()] : []));
  if (returned.length > 0) counted.oldestSeconds = Math.round((Date.now() - returned.reduce((a, b) => Math.min(a, b))) / 1000);
  return counted;
}
