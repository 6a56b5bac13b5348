/**
 * What to do about a failure.
 *
 * - `transient`: the same write may succeed later.
 * - `permanent`: this user will never be written as they are.
 * - `misconfigured`: no user is written until somebody mends the set-up.
 */
export type Failure = 'transient' | 'permanent' | 'misconfigured';

/**
 * The only errors that leave a step of the path. Their messages are our own sentences: they name attributes, columns
 * and SQLSTATEs, never an attribute value, a secret, an SQL parameter or a driver's message, since they are logged.
 */
export abstract class UserSyncError extends Error {
  /** Written out, since the bundle's classes have short names. */
  abstract override readonly name: string;

  constructor(readonly failure: Failure, message: string) {
    super(message);
  }
}

/** The trigger event is not one that Cognito sends. */
export class TriggerEventError extends UserSyncError {
  override readonly name = 'TriggerEventError';

  constructor(message: string) {
    super('permanent', message);
  }
}

/** A user attribute does not fit the kind of its column, or a required one is missing. */
export class ColumnValueError extends UserSyncError {
  override readonly name = 'ColumnValueError';

  constructor(readonly column: string, message: string) {
    super('permanent', `column ${JSON.stringify(column)}: ${message}`);
  }
}

/** The mapping, the table's name or the way to the database is wrong, whoever the user is. */
export class ConfigurationError extends UserSyncError {
  override readonly name = 'ConfigurationError';

  constructor(message: string) {
    super('misconfigured', message);
  }
}

/** The rules of src/private throw plain errors, for synth; here the same mistake is a wrong configuration. */
export function configured<T>(rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    throw new ConfigurationError((error as Error).message);
  }
}

/** Where in the database a write failed, by name; never what was written. */
export interface StoreErrorDetails {
  /** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), or the system's error code such as ECONNREFUSED. */
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  /** How long the store asks to be left alone. */
  readonly retryAfterSeconds?: number;
}

/** The user store did not take the row. */
export class UserStoreError extends UserSyncError {
  override readonly name = 'UserStoreError';
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly retryAfterSeconds?: number;

  constructor(failure: Failure, message: string, details: StoreErrorDetails = {}) {
    super(failure, message);
    Object.assign(this, details);
  }
}

/** The queue did not take a message, or is not known. */
export class QueueError extends UserSyncError {
  override readonly name = 'QueueError';

  constructor(failure: Failure, message: string, readonly code?: string) {
    super(failure, message);
  }
}

/** A queue message is none that this version can read, or is not for this user pool. */
export class QueueMessageError extends UserSyncError {
  override readonly name = 'QueueMessageError';

  constructor(message: string) {
    super('permanent', message);
  }
}

/** Cognito could not tell how a user is now. */
export class UserDirectoryError extends UserSyncError {
  override readonly name = 'UserDirectoryError';

  constructor(failure: Failure, message: string, readonly code?: string) {
    super(failure, message);
  }
}

/** The kind of somebody else's error. Not its message, which may quote anything, and not a name that is none. */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return /^[A-Za-z]{0,60}(Error|Exception)$/.test(error.name) ? error.name : 'Error';
}
