import type { LoggedError } from './logged-error';

/**
 * What became of one user.
 *
 * - `written`, `unchanged`: the row is there and right.
 * - `ignored`: the trigger source writes no row.
 * - `queued`: the user waits in the queue (or where `onUnwritten` put them).
 * - `unrecorded`: nobody but this log line knows of the user.
 *
 * And of those who waited:
 *
 * - `returned`: still waits, and comes again after a while.
 * - `waiting`: was changed a moment ago, or too many are to be read from Cognito at once; looked at a little later.
 * - `missing`: Cognito does not find the user; asked again in some minutes.
 * - `gone`: Cognito has no such user any more, and no row is written.
 * - `deadLettered`: waits with the dead letters until somebody mends what is wrong.
 */
export type Outcome = 'written' | 'unchanged' | 'ignored' | 'queued' | 'unrecorded' | 'returned' | 'waiting' | 'missing' | 'gone' | 'deadLettered';

/**
 * What became of one request about an API credential.
 *
 * - `claimed`, `revoked`: the row holds the new credential's hash, or none any more.
 * - `authorized`: whoever calls has shown their credential.
 * - `refused`: for the reason that the line has beside it.
 * - `unavailable`: nobody could tell, and nobody was let in.
 */
export type CredentialOutcome = 'claimed' | 'revoked' | 'authorized' | 'refused' | 'unavailable';

/** One line of the log: the user's `sub` and nothing else of the person. */
export interface LogLine {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly sub?: string;
  readonly triggerSource?: string;
  readonly outcome?: Outcome | CredentialOutcome;
  readonly milliseconds?: number;
  /** Of the invocation, as in Lambda's own lines. */
  readonly requestId?: string;
  readonly error?: LoggedError;
  /** Fields of CloudWatch's embedded metric format, and others that belong to one message. */
  readonly [more: string]: unknown;
}

export type Log = (line: LogLine) => void;

/** Straight to standard output: `console.log` would put a prefix before the JSON, or the JSON into a string. */
export const logToStandardOutput: Log = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** A log of the application's own that fails must fail no sign-up: the line goes where lines go by default. */
export function neverFailing(log: Log): Log {
  return (line) => {
    try {
      Promise.resolve<unknown>(log(line)).catch(() => logToStandardOutput(line));
    } catch {
      logToStandardOutput(line);
    }
  };
}
