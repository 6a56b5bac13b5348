import type { CognitoUser } from './cognito-user';
import { counted, type Log, loggedError, logToStandardOutput, neverFailing, type Outcome } from './delivery/log';
import { type InvocationContext, SignUpDeadlines } from './delivery/sign-up-deadline';
import { ConfigurationError } from './errors';
import { type ColumnMapping, rowMapping } from './mapping/row-mapping';
import { monotonicMillis } from './monotonic-clock';
import { type CognitoTriggerEvent, isPostConfirmation, userOfTriggerEvent } from './sources/trigger-event';
import { type DatabaseOptions, statementRunner } from './stores/postgres/database-options';
import { postgresStore } from './stores/postgres/postgres-store';
import type { UserRow } from './user-row';
import type { UserStore, WriteOutcome } from './user-store';

export { compose, type TriggerHandler } from './compose';
export type { CognitoTriggerEvent, CognitoUser, ColumnMapping, DatabaseOptions, InvocationContext, Log, Outcome, WriteOutcome };

export interface PostConfirmationOptions {
  /** The table and the way to it. */
  readonly database: DatabaseOptions;
  /**
   * Column → what Cognito knows: an attribute (`email`, `custom:plan`), one of `sub`, `username`, `userPoolId`,
   * `status`, `enabled`, `identityProvider`, `attributes` (all as JSON), `observedAt`, `clientMetadata:<key>`, a
   * function of the user, or an object that adds `kind`, `write`, `fallback` and `required` to one of these, or has a
   * `constant`. A function that returns undefined leaves the column as it is; null is absent.
   */
  readonly columns: Readonly<Record<string, ColumnMapping>>;
  /**
   * When to connect: as soon as the handler is created (in Lambda: while the function loads, so that the first sign-up
   * does not wait for it), or with the first event.
   *
   * @default 'eager'
   */
  readonly connect?: 'eager' | 'lazy';
  /**
   * Called after the row is there, before sign-up goes on. It may not take longer than is left of the 4 seconds; what
   * it throws is logged by its name and does not fail the sign-up.
   *
   * @default - nothing
   */
  readonly afterSync?: (user: CognitoUser, outcome: WriteOutcome) => void | Promise<void>;
  /**
   * Takes each line of the log.
   *
   * @default - JSON lines on standard output
   */
  readonly log?: Log;
}

/** Answers every event with the event itself, as Cognito demands, and never throws: sign-up is never blocked. */
export type PostConfirmationHandler = <Event extends CognitoTriggerEvent>(event: Event, context?: InvocationContext) => Promise<Event>;

/**
 * Creates the Lambda handler of a user pool's Post Confirmation trigger. Every confirmed user gets exactly one row; a
 * wrong configuration, a value that does not fit and a database that cannot be reached become one error line each,
 * counted as `unrecorded`, and never a failed sign-up.
 *
 * @example
 * export const handler = createPostConfirmationHandler({
 *   database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
 *   columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name' },
 * });
 */
export function createPostConfirmationHandler(options: PostConfirmationOptions): PostConfirmationHandler {
  const { afterSync } = options;
  const log = options.log ? neverFailing(options.log) : logToStandardOutput;
  const syncing = userSync(options);
  // Told while loading and with every event; it must not keep the function from loading.
  syncing.catch((error) => log({ level: 'ERROR', message: 'the configuration is wrong: no row will be written', error: loggedError(error) }));
  const deadlines = new SignUpDeadlines();

  return async (event, context) => {
    const startedAt = monotonicMillis();
    const { triggerSource, sub } = identified(event);
    const report = (level: 'INFO' | 'ERROR', message: string, outcome: Outcome, more: object = {}) =>
      log({ level, message, sub, triggerSource, outcome, milliseconds: Math.round((monotonicMillis() - startedAt) * 10) / 10, ...more });
    if (!isPostConfirmation({ triggerSource })) {
      report('INFO', 'not a post confirmation event: passed through', 'ignored');
      return event;
    }
    try {
      const deadline = deadlines.next(context);
      const { toRow, store } = await syncing;
      const user = userOfTriggerEvent(event, new Date());
      const [outcome] = await store.write([toRow(user)], deadline);
      report('INFO', outcome === 'written' ? 'row written' : 'nothing had to be written', outcome);
      if (afterSync) {
        await deadline.race((async () => afterSync(user, outcome))(), () => new TimeoutError())
          .catch((error) => report('ERROR', 'afterSync failed', outcome, { error: loggedError(error) }));
      }
    } catch (error) {
      report('ERROR', 'no row was written for this user', 'unrecorded', { error: loggedError(error), ...counted('unrecorded', context?.functionName) });
    }
    return event;
  };
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The path: CognitoUser → UserRow → store. */
interface UserSync {
  readonly toRow: (user: CognitoUser) => UserRow;
  readonly store: UserStore;
}

/** @throws ConfigurationError */
async function userSync({ database, columns, connect = 'eager' }: PostConfirmationOptions): Promise<UserSync> {
  if (connect !== 'eager' && connect !== 'lazy') throw new ConfigurationError(`got connect ${JSON.stringify(connect)}: expected eager or lazy`);
  const runner = statementRunner(database);
  // Before anything else is worked out: the connection takes longest.
  if (connect === 'eager') await runner.open?.();
  const mapping = rowMapping(columns, typeof database.key === 'string' ? [database.key] : database.key);
  return { toRow: mapping.toRow, store: postgresStore(runner, database.table, mapping.key, mapping.columns) };
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
