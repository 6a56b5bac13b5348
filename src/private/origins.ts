/** Scheme and host, as browsers send them in `Origin`: https://www.rfc-editor.org/rfc/rfc6454#section-6.2 */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@*A-Z]+$/;

/**
 * Whose pages may read an answer.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function checkOrigins(origins: readonly string[]): void {
  if (origins.length === 0) throw new Error('got no allowOrigins, expected at least one: leave allowOrigins out where no page of another origin claims, or API Gateway answers for CORS');
  const other = origins.find((origin) => origin !== '*' && !isOrigin(origin));
  if (other !== undefined) {
    throw new Error(`got ${JSON.stringify(other)} in allowOrigins, expected an origin as browsers send it, such as "https://app.example.com": no path and no slash at its end, no port that its scheme has anyway, and no part left open; or "*" for all`);
  }
}

function isOrigin(text: unknown): boolean {
  if (typeof text !== 'string' || !ORIGIN.test(text)) return false;
  // Of other schemes, as apps have them, URL knows no origin.
  return !/^https?:/.test(text) || (URL.canParse(text) && new URL(text).origin === text);
}
