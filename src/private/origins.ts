/** Scheme, host and port, as browsers send it in `Origin`: https://www.rfc-editor.org/rfc/rfc6454#section-6.2. Or any. */
const ORIGIN = /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/?#@A-Z]+)$/;

/**
 * Whose pages may read an answer.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function checkOrigins(origins: readonly string[]): void {
  const other = origins.find((origin) => !ORIGIN.test(origin));
  if (other !== undefined) throw new Error(`got ${JSON.stringify(other)} in allowOrigins, expected an origin as browsers send it, such as "https://app.example.com", without a path or a slash at its end, or "*" for all`);
  if (origins.length === 0) throw new Error('got no allowOrigins, expected at least one: leave allowOrigins out where no page of another origin claims, or API Gateway answers for CORS');
}
