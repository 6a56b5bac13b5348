import type { Statement, Value } from './upsert';
import { isCertificateCode } from '../../certificate-code';
import { errorName, type Failure, UserStoreError, UserSyncError } from '../../errors';

/**
 * The one place where a PostgreSQL failure is judged. What comes out holds the SQLSTATE and the names of things:
 * PostgreSQL's `message`, `detail` and `where` quote the row, and never leave the store.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 *
 * @param written what the statement wrote: a trigger of the table's own may raise an error that names them
 */
export function storeError(error: unknown, written: Statement['values']): UserSyncError {
  if (error instanceof UserSyncError) return error;
  const values = written.flat();
  const { code, constraint, table, column } = Object(error);
  const name = (text: unknown) => nameIn(text, values);
  const details = { code: codeIn(code, values), constraint: name(constraint), table: name(table), column: name(column) };
  // pg's own errors have no code: "Connection terminated unexpectedly", "… is not queryable".
  if (details.code === undefined) return new UserStoreError('transient', `the connection to PostgreSQL was lost (${errorName(error)})`);
  const [failure, meaning] = SQLSTATE.test(details.code) ? judgedByState(details.code) : judgedBySystem(details.code);
  return new UserStoreError(failure, `${meaning} (${details.code})`, details);
}

/** Whether the connection is of no use any more; after any other failure the session goes on. */
export function isConnectionLost(error: UserSyncError): boolean {
  if (!(error instanceof UserStoreError)) return error.failure === 'misconfigured';
  // 25006: this server is a replica now, and a new connection finds the writer.
  return error.code === undefined || !SQLSTATE.test(error.code) || /^(08|57P0|28|3D|25006)/.test(error.code);
}

/**
 * Whether one row may be at fault where a statement for many failed: a trigger of the table's own may raise any SQLSTATE
 * for one user, and row-level security refuses one with that of a missing privilege. Not where the server, the
 * connection, the table or another transaction is.
 */
export function mayBeOneRow({ failure, code }: UserSyncError & { readonly code?: string }): boolean {
  if (code === undefined || !SQLSTATE.test(code)) return failure === 'permanent';
  return !/^(08|0A|25|28|3D|3F|40|42(?!501)|53|55P03|57|58|OC|XX)/.test(code);
}

export function isLoginRejected(error: UserSyncError): boolean {
  return error instanceof UserStoreError && (error.code === '28P01' || error.code === '28000');
}

/** Five digits or letters, and not the system's EPIPE. */
const SQLSTATE = /^(?!EPIPE)[0-9A-Z]{5}$/;

/** The first rule that matches; a state that no rule knows may pass, and trying again is harmless. */
const STATES: ReadonlyArray<readonly [RegExp, Failure, string]> = [
  [/^25006/, 'transient', 'the database is read-only, as a replica or after a failover: the write goes to whoever is the writer then'],
  [/^28/, 'misconfigured', 'PostgreSQL refused the login: check user, password or IAM grant, and that the user may log in to this database'],
  [/^3D000/, 'misconfigured', 'there is no database of that name: check databaseName'],
  [/^42P10/, 'misconfigured', 'no unique index is on exactly the key: add one, or choose the key it is on'],
  [/^42501/, 'misconfigured', 'the login lacks a privilege: it needs INSERT and UPDATE of the mapped columns, SELECT of them, and USAGE of the schema'],
  [/^42883/, 'misconfigured', 'a column\'s type has no equality, as json has none: give the column the kind json in the mapping, or another type'],
  [/^(42|3F|0A)/, 'misconfigured', 'the table does not fit the mapping: check that the table and every mapped column exist'],
  [/^22/, 'permanent', 'a value does not fit its column'],
  [/^(23|44)/, 'permanent', 'the row breaks a constraint of the table'],
  [/^(21|54|P0|55000)/, 'permanent', 'the database refused the row'],
  [/^(40|OC)/, 'transient', 'another transaction was in the way'],
  [/^53/, 'transient', 'the database has no room or no connection left'],
  [/^(08|57|58|XX)/, 'transient', 'the database broke off'],
  [/^/, 'transient', 'PostgreSQL failed'],
];

function judgedByState(state: string): readonly [Failure, string] {
  const [, failure, meaning] = STATES.find(([pattern]) => pattern.test(state))!;
  return [failure, meaning];
}

function judgedBySystem(code: string): readonly [Failure, string] {
  if (code === 'ENOTFOUND') return ['misconfigured', 'the database\'s host name is not known here: check the host, and that the function is in the right VPC'];
  if (isCertificateCode(code)) return ['misconfigured', 'the database\'s certificate could not be verified: check the host name and the certificate authority'];
  return ['transient', 'the database could not be reached'];
}

/** A SQLSTATE, or a code of Node.js's or OpenSSL's. */
function codeIn(code: unknown, values: readonly Value[]): string | undefined {
  return typeof code === 'string' && !values.includes(code) && (SQLSTATE.test(code) || /^[A-Z][A-Z_0-9]{2,60}$/.test(code)) ? code : undefined;
}

function nameIn(text: unknown, values: readonly Value[]): string | undefined {
  if (typeof text !== 'string' || !/^[A-Za-z_][A-Za-z0-9_$]{0,62}$/.test(text)) return undefined;
  const quotes = (value: string) => text === value || (value.length > 2 && (text.includes(value) || value.includes(text)));
  return values.some((value) => value !== null && quotes(value)) ? undefined : text;
}
