import type { Statement, Value } from './upsert';

/** A statement's values as they are sent. Lists are written here, since not every client that an application has does. */
export function parameters(values: Statement['values']): Value[] {
  return values.map((value) => (Array.isArray(value) ? arrayLiteral(value) : value as Value));
}

/**
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO. JSON is the same where it has no backslash, and Node.js
 * writes it in half the time.
 */
function arrayLiteral(values: readonly Value[]): string {
  const json = JSON.stringify(values);
  const elements = json.includes('\\') ? values.map((value) => (value === null ? 'null' : `"${value.replace(/["\\]/g, '\\$&')}"`)).join() : json.slice(1, -1);
  return `{${elements}}`;
}
