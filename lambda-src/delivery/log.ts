import { errorName, UserStoreError, UserSyncError } from '../errors';

/**
 * What became of one event.
 *
 * - `written`, `unchanged`: the row is there and right.
 * - `ignored`: the trigger source writes no row.
 * - `unrecorded`: nobody but this log line knows of the user.
 */
export type Outcome = 'written' | 'unchanged' | 'ignored' | 'unrecorded';

/** One line of the log: the user's `sub` and nothing else of the person. */
export interface LogLine {
  readonly level: 'INFO' | 'ERROR';
  readonly message: string;
  readonly sub?: string;
  readonly triggerSource?: string;
  readonly outcome?: Outcome;
  readonly milliseconds?: number;
  readonly error?: LoggedError;
  /** Fields of CloudWatch's embedded metric format. */
  readonly [embedded: string]: unknown;
}

export interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly failure?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly stack?: string;
}

export type Log = (line: LogLine) => void;

/** Straight to standard output: `console.log` would put a prefix before the JSON, or the JSON into a string. */
export const logToStandardOutput: Log = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** Our own errors tell what they are about. Of any other only its kind and place are known to hold no personal data. */
export function loggedError(error: unknown): LoggedError {
  if (error instanceof UserSyncError) {
    const { name, message, failure } = error;
    const { code, constraint, table, column } = error as Partial<UserStoreError>;
    return { name, message, failure, code, constraint, table, column };
  }
  return { name: errorName(error), message: 'unexpected error: its message is left out, since it may hold personal data', stack: error instanceof Error ? placesIn(error) : undefined };
}

/** The stack without the message before it, which may look like more of the stack. */
function placesIn({ stack = '', message }: Error): string | undefined {
  const end = stack.indexOf(message);
  return end < 0 ? undefined : stack.slice(end + message.length).match(/^ {4}at .*$/gm)?.join('\n');
}

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

/**
 * Counts in CloudWatch without a call to it.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function counted(metric: string, functionName: string | undefined): Record<string, unknown> {
  const dimensions = functionName === undefined ? {} : { FunctionName: functionName };
  return {
    ...dimensions,
    [metric]: 1,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [{ Namespace: 'CognitoUserSync', Dimensions: [Object.keys(dimensions)], Metrics: [{ Name: metric, Unit: 'Count' }] }],
    },
  };
}
