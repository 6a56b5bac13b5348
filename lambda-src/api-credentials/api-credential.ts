import { onDemand } from '../on-demand';

/** As many as nobody can guess: brute force has no use for a slow hash, and every call would wait for one. */
const SECRET_BYTES = 32;

/** What 32 bytes are in base64url. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/**
 * What the column holds: the SHA-256 of the secret, and the username, by which Cognito is asked. A `sub` would find most users,
 * too, but also whoever signed up with somebody's `sub` as username.
 * With 256 bits of randomness the hash tells nothing of the secret; PBKDF2 and the like make up for passwords that people
 * choose: https://pages.nist.gov/800-63-4/sp800-63b.html (look-up secrets)
 */
const STORED = /^sha256:([A-Za-z0-9_-]{43}):(.+)$/s;

/** Compared with where there is nothing to compare with: nobody knows a secret that has this hash. */
const NOBODYS = Buffer.alloc(32);

export function newSecret(): string {
  return onDemand.crypto().randomBytes(SECRET_BYTES).toString('base64url');
}

export function isSecret(text: string): boolean {
  return SECRET.test(text);
}

export function storedCredential(secret: string, username: string): string {
  return `sha256:${hashOf(secret).toString('base64url')}:${username}`;
}

/** A credential whose secret was shown. */
export interface OwnCredential {
  readonly username: string;
}

/**
 * Takes as long for a wrong secret as for a user without a credential: hashes are compared, and always.
 *
 * @param stored what the user's row holds; undefined where there is no row, or nothing in it
 * @returns undefined where the secret is not that credential's
 */
export function ownCredential(secret: string, stored: string | undefined): OwnCredential | undefined {
  const [, hash, username] = STORED.exec(stored ?? '') ?? [];
  const isSame = onDemand.crypto().timingSafeEqual(hashOf(secret), hash === undefined ? NOBODYS : Buffer.from(hash, 'base64url'));
  return isSame && hash !== undefined ? { username } : undefined;
}

function hashOf(secret: string): Buffer {
  return onDemand.crypto().createHash('sha256').update(secret).digest();
}
