import { attempts, type Attempt, GIVE_CERTIFICATES } from './ssl-mode';
import { isCertificateCode } from '../../certificate-code';
import type { Deadline } from '../../deadline';
import { ConfigurationError, UserStoreError } from '../../errors';
import { type StatementRunner, tooLate } from '../../stores/postgres/connection';
import type { DatabaseLogin, ServerAddress } from '../../stores/postgres/database-access';
import { Session as DatabaseSession } from '../../stores/postgres/session';
import { storeError } from '../../stores/postgres/store-error';
import type { Statement, StatementResult } from '../../stores/postgres/upsert';
import { Problem } from '../problem';
import type { Session } from '../session';

/** What the port that was mistyped belongs to may be silent for ever, or answer anything. */
const HELLO: Statement = { text: "select 'hello' as hello", values: [] };
const HELLO_MILLIS = 8_000;

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
    const database = this.database ?? await this.connect(deadline);
    return this.runOn(database, statement, deadline);
  }

  close(): void {
    this.database?.destroy();
  }

  private async connect(deadline: Deadline): Promise<DatabaseSession> {
    for (const [index, { address, warning }] of this.attempts.entries()) {
      try {
        const database = await this.greet(address, deadline.within(HELLO_MILLIS));
        if (warning) this.session.say(warning);
        return database;
      } catch (error) {
        if (index === this.attempts.length - 1 || !mayWorkTheOtherWay(error)) throw inItsWords(error);
        this.close();
      }
    }
    throw tooLate();
  }

  private async greet(address: ServerAddress, deadline: Deadline): Promise<DatabaseSession> {
    this.database = new DatabaseSession({ address: () => address, login: async () => this.login });
    try {
      const { rows } = await this.runOn(this.database, HELLO, deadline);
      if (rows[0]?.hello === 'hello') return this.database;
    } catch (error) {
      // Whatever has a code is PostgreSQL's answer, or the network's.
      if (!(error instanceof UserStoreError) || error.code !== undefined) throw error;
    }
    throw new Problem(`${address.host}:${address.port} does not answer as PostgreSQL does: expected the host and port of a PostgreSQL server, which the network lets this machine through to; one that was paused is waking up now: run the command again in a minute`);
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

/** The store's words are for those who deploy functions. */
function inItsWords(error: unknown): unknown {
  const { code } = error as UserStoreError;
  return error instanceof UserStoreError && code !== undefined && isCertificateCode(code)
    ? new Problem(`the server's certificate could not be verified (${code}): check the host name, or ${GIVE_CERTIFICATES}`)
    : error;
}
