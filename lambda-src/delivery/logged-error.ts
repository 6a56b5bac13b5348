import { errorName, type UserStoreError, UserSyncError } from '../errors';

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
