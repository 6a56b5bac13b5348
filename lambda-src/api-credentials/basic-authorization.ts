import { isSecret } from './api-credential';

/** What somebody says they are. */
export interface PresentedCredential {
  readonly sub: string;
  readonly secret: string;
}

/** The credential has 108 characters behind its scheme: looked at before anything is worked out. */
const MOST_CHARACTERS = 512;

/**
 * https://www.rfc-editor.org/rfc/rfc7617: the scheme in any case, then base64. One space and no more, although RFC 9110 takes
 * any number: API Gateway keeps an answer by the very header, so that each spelling would have Cognito asked anew.
 */
const BASIC = /^basic ([A-Za-z0-9+/]+={0,2})$/i;

/** In lower case, as Cognito writes it: in a column of type uuid another case would be the same user, with another text. */
const SUB = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isSub(text: unknown): text is string {
  return typeof text === 'string' && SUB.test(text);
}

/**
 * HTTP Basic with a `sub` as user name and a secret as password, and nothing else.
 *
 * @returns undefined for everything that no credential looks like
 */
export function readBasicAuthorization(header: unknown): PresentedCredential | undefined {
  if (typeof header !== 'string' || header.length > MOST_CHARACTERS) return undefined;
  const [, base64] = BASIC.exec(header) ?? [];
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  // Node.js takes what is no base64 for some: only what it would have written itself is taken.
  if (bytes.toString('base64') !== base64) return undefined;
  // Bytes one by one: both parts are ASCII, so that no other UTF-8 gets through.
  const [sub, secret, ...more] = bytes.toString('latin1').split(':');
  return more.length === 0 && isSub(sub) && isSecret(secret ?? '') ? { sub, secret } : undefined;
}
