import { attempts, type Attempt } from './ssl-mode';
import type { Deadline } from '../../deadline';
import { ConfigurationError, UserStoreError } from '../../errors';
import { type StatementRunner, tooLate } from '../../stores/postgres/connection';
import type { DatabaseLogin } from '../../stores/postgres/database-access';
import { Session as DatabaseSession } from '../../stores/postgres/session';
import { storeError } from '../../stores/postgres/store-error';
import type { Statement, StatementResult } from '../../stores/postgres/upsert';
import type { Session } from '../session';

/** A person's own connection. Nothing is tried twice: a login that is refused once more may be locked. */
export class Connection implements StatementRunner {
  private readonly login: DatabaseLogin;
  private readonly attempts: readonly Attempt[];
  private database?: DatabaseSession;

  /** @throws Problem or ConfigurationError */
  constructor(url: string, private readonly session: Session) {
    ({ login: this.login, attempts: this.attempts } = attempts(url));
    session.interrupted.addEventListener('abort', () => this.close(), { once: true });
  }

  async run(statement: Statement, deadline: Deadline): Promise<StatementResult> {
    if (this.database) return this.runOn(this.database, statement, deadline);
    for (const [index, { address, warning }] of this.attempts.entries()) {
      this.database = new DatabaseSession({ address: () => address, login: async () => this.login });
      try {
        const result = await this.runOn(this.database, statement, deadline);
        if (warning) this.session.say(warning);
        return result;
      } catch (error) {
        if (index === this.attempts.length - 1 || !mayWorkTheOtherWay(error)) throw error;
        this.close();
      }
    }
    throw tooLate();
  }

  close(): void {
    this.database?.destroy();
  }

  private async runOn(database: DatabaseSession, statement: Statement, deadline: Deadline): Promise<StatementResult> {
    try {
      return await deadline.race(database.run(statement), tooLate);
    } catch (error) {
      throw storeError(error, statement.values);
    }
  }
}

/** A server without TLS, or with a certificate of somebody else's, or whose pg_hba.conf wants the other way. */
function mayWorkTheOtherWay(error: unknown): boolean {
  if (error instanceof ConfigurationError) return true;
  return error instanceof UserStoreError && error.failure === 'misconfigured' && (error.code === '28000' || !/^([0-9A-Z]{5}|ENOTFOUND)$/.test(error.code ?? ''));
}
