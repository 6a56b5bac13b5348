import { pastConflicts } from './conflicts';
import type { DatabaseAccess } from './database-access';
import { Session } from './session';
import { isConnectionLost, isLoginRejected, storeError } from './store-error';
import type { Statement, StatementResult } from './upsert';
import type { Deadline } from '../../deadline';
import { UserStoreError, type UserSyncError } from '../../errors';

/** Whoever runs statements for the store. */
export interface StatementRunner {
  /**
   * Starts connecting, and never fails. Settles when the server is busy with the login, which is the time for other
   * work: what is done before delays the next packet, and what is done then costs nothing.
   */
  open?(): Promise<void>;
  /** @throws UserSyncError */
  run(statement: Statement, deadline: Deadline): Promise<StatementResult>;
  /** One more to the same database, which connects when it is used. Left out where the connection is somebody else's. */
  another?(): StatementRunner;
}

/** Lambda may load a function long before its first event, and freezes it in between: what is open then may be dead. */
const UNUSED_MILLIS = 5_000;

/** A server that takes longer to get to is not waited for. */
const OPENING_MILLIS = 500;

/** NAT gateways and Lambda's network interfaces forget a connection that was idle for 350 seconds, without a word. */
const IDLE_MILLIS = 300_000;

/** Aurora DSQL ends a connection after 60 minutes: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/CHAP_quotas.html */
const AGE_MILLIS = 55 * 60_000;

/** Of the time left, what a connection that has been idle gets before a fresh one is tried. */
const SHARE_OF_IDLE_CONNECTION = 0.4;

/**
 * One connection for each Lambda environment, which handles one event at a time. A pool would be of no use there: its
 * timers don't run while the environment is frozen.
 */
export class PostgresConnection implements StatementRunner {
  private session?: Session;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly access: DatabaseAccess) {}

  async open(): Promise<void> {
    this.session ??= new Session(this.access);
    let timer: NodeJS.Timeout;
    const longEnough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, OPENING_MILLIS);
    });
    await Promise.race([this.session.loggingIn, longEnough]).finally(() => clearTimeout(timer));
  }

  /**
   * Runs a statement that may safely run twice. It does where the connection turns out to have died while nobody
   * looked (a frozen environment, a restarted server), where a password was rejected that may have been rotated, and
   * where another transaction was in the way.
   */
  async run(statement: Statement, deadline: Deadline): Promise<StatementResult> {
    // One after the other, also where one process handles several events at a time, as tests do.
    const result = this.turn.then(() => pastConflicts(() => this.runInTurn(statement, deadline), deadline));
    this.turn = result.catch(() => undefined);
    return result;
  }

  another(): PostgresConnection {
    return new PostgresConnection(this.access);
  }

  private async runInTurn(statement: Statement, deadline: Deadline): Promise<StatementResult> {
    if (this.session && isStale(this.session)) this.drop();
    let mayBeDead = this.session !== undefined;
    let mayBeRotated = true;
    let earlier: UserSyncError | undefined;
    for (;;) {
      // What went wrong first says more than that there was no time left for another try.
      if (deadline.remaining() === 0) throw earlier ?? tooLate();
      try {
        return await this.attempt(statement, deadline);
      } catch (error) {
        const failure = error as UserSyncError;
        const isRotated: boolean = mayBeRotated && isLoginRejected(failure);
        if (!isRotated && !(mayBeDead && isConnectionLost(failure))) throw earlier && deadline.remaining() === 0 ? earlier : failure;
        if (isRotated) this.access.rejected?.();
        mayBeRotated &&= !isRotated;
        mayBeDead = false;
        earlier = failure;
      }
    }
  }

  private async attempt(statement: Statement, deadline: Deadline): Promise<StatementResult> {
    const session = (this.session ??= new Session(this.access));
    const limit = session.usedAt === undefined ? deadline : deadline.within(deadline.remaining() * SHARE_OF_IDLE_CONNECTION);
    try {
      return await limit.race(session.run(statement), tooLate);
    } catch (error) {
      const failure = storeError(error, statement.values);
      // One that was never there is not kept, whatever kept it from being there.
      if (isConnectionLost(failure) || !session.isLoggedIn) this.drop(limit);
      throw failure;
    }
  }

  /** @param limit of the statement that is still running where it has passed */
  private drop(limit?: Deadline): void {
    if (limit?.remaining() === 0) this.session?.cancel();
    else this.session?.destroy();
    this.session = undefined;
  }
}

export function tooLate(): UserStoreError {
  return new UserStoreError('transient', 'PostgreSQL did not answer in time');
}

/** By the time of day: it goes on while an environment is frozen. */
function isStale({ usedAt, openedAt }: Session): boolean {
  const now = Date.now();
  return usedAt === undefined ? now - openedAt > UNUSED_MILLIS : now - usedAt > IDLE_MILLIS || now - openedAt > AGE_MILLIS;
}
