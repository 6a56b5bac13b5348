import crypto from 'node:crypto';
import { isSecret, newSecret, ownCredential, storedCredential } from '../../lambda-src/api-credentials/api-credential';

test('a secret has 256 bits of randomness, and no two are the same', () => {
  const randomBytes = jest.spyOn(crypto, 'randomBytes');
  const secrets = Array.from({ length: 1_000 }, newSecret);
  expect(new Set(secrets).size).toBe(1_000);
  expect(secrets.every(isSecret)).toBe(true);
  expect(randomBytes.mock.calls).toEqual(Array(1_000).fill([32]));
  randomBytes.mockRestore();
});

test('what is kept is the SHA-256 of the secret, and the username where the user has another provider', () => {
  const secret = newSecret();
  const hash = crypto.createHash('sha256').update(secret).digest('base64url');
  expect(storedCredential(secret)).toBe(`sha256:${hash}`);
  expect(storedCredential(secret, 'Google_1:a\nb')).toBe(`sha256:${hash}:Google_1:a\nb`);
  expect(ownCredential(secret, storedCredential(secret))).toEqual({ username: undefined });
  expect(ownCredential(secret, storedCredential(secret, 'Google_1:a\nb'))).toEqual({ username: 'Google_1:a\nb' });
});

test('whatever is kept, two hashes are compared in constant time, and once', () => {
  const secret = newSecret();
  const timingSafeEqual = jest.spyOn(crypto, 'timingSafeEqual');
  for (const stored of [storedCredential(secret), storedCredential(newSecret()), undefined, '', 'sha256:', secret, storedCredential(secret).slice(0, -1), `md5:${secret}`]) {
    timingSafeEqual.mockClear();
    expect(ownCredential(secret, stored) !== undefined).toBe(stored === storedCredential(secret));
    expect(timingSafeEqual.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([[32, 32]]);
  }
  timingSafeEqual.mockRestore();
});
