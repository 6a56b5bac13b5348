// Not imported: in an ES module, that would load it before the first packet is sent, and not with `pg`.
const { createHash, createHmac, pbkdf2Sync, randomBytes } = process.getBuiltinModule('node:crypto');

/**
 * Takes the place of `pg/lib/crypto/utils` in the bundles: the same functions on node:crypto. `pg` uses Web Crypto, so
 * that it also runs elsewhere; loading that takes three of the forty milliseconds of a cold start.
 * https://www.rfc-editor.org/rfc/rfc5802 and https://www.postgresql.org/docs/current/protocol-flow.html
 */
export { randomBytes };

export function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

/** @param name as Web Crypto writes it: SHA-256 */
export function hashByName(name: string, data: Uint8Array): Buffer {
  return createHash(name.replace('-', '')).update(data).digest();
}

export function hmacSha256(key: Uint8Array, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest();
}

export function deriveKey(password: string, salt: Uint8Array, iterations: number): Buffer {
  return pbkdf2Sync(password, salt, iterations, 32, 'sha256');
}

export function md5(data: string | Uint8Array): string {
  return createHash('md5').update(data).digest('hex');
}

export function postgresMd5PasswordHash(user: string, password: string, salt: Uint8Array): string {
  return `md5${md5(Buffer.concat([Buffer.from(md5(password + user)), salt]))}`;
}
