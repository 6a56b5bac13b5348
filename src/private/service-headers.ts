/** https://www.rfc-editor.org/rfc/rfc9110.html#name-field-names */
const NAME = /^[\w!#$%&'*+.^`|~-]{1,100}$/;

/** What a request has of its own, or what belongs to its connection. */
const TAKEN = [
  'connection', 'content-length', 'content-type', 'expect', 'host', 'idempotency-key', 'if-none-match', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'user-agent',
];

/**
 * The name of a header for a key or token, in small letters, as signatures and comparisons need it.
 *
 * @throws a plain `Error` that says what was got and what is expected
 */
export function loginHeader(name: string): string {
  const small = name.toLowerCase();
  if (NAME.test(name) && !TAKEN.includes(small)) return small;
  throw new Error(`got header ${JSON.stringify(name)} for the login at the user service, expected a name such as x-api-key, and none that the functions send themselves (${TAKEN.join(', ')})`);
}
