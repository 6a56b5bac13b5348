import { Token } from 'aws-cdk-lib';

/** PostgreSQL cuts longer names silently: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
const MAX_BYTES = 63;

/**
 * Checks the name of a PostgreSQL user that IAM lets in. Callers of JavaScript may pass anything, and nothing must ever
 * become the master user by default.
 *
 * @param call how such a user is named, for the error
 */
export function checkUserName(userName: unknown, call: string): void {
  if (typeof userName !== 'string') {
    throw new Error(`got ${typeof userName === 'object' ? JSON.stringify(userName) : String(userName)} as IAM user name, expected the name of one PostgreSQL user: name it, as in ${call}`);
  }
  if (Token.isUnresolved(userName)) return;
  // It becomes part of a policy's resource, where * and ? would stand for other users too.
  if (userName.trim() === '' || /[*?/\0]|\$\{/.test(userName)) {
    throw new Error(`got IAM user name ${JSON.stringify(userName)}, expected one PostgreSQL user, without * ? / or $\{: name the user that is to log in, as in ${call}`);
  }
  const bytes = new TextEncoder().encode(userName).length;
  if (bytes > MAX_BYTES) {
    throw new Error(`got IAM user name ${JSON.stringify(userName)} of ${bytes} bytes, expected at most ${MAX_BYTES}, of which PostgreSQL's names consist: choose a shorter one`);
  }
}
