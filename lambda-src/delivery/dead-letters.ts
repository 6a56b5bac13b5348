import { loggedError } from './logged-error';

/** Message attributes of a dead letter: why it is one. Names of things, as the log has them, never a value. */
export function reasonAttributes(error: unknown): Record<string, string> {
  const { name, message, failure = 'transient', code, constraint, table, column } = loggedError(error);
  const attributes = { failure, error: name, reason: message, code, constraint, table, column };
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => !!entry[1]));
}
