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

test('what is kept is the SHA-256 of the secret, and the username', () => {
  const secret = newSecret();
  const hash = crypto.createHash('sha256').update(secret).digest('base64url');
  expect(storedCredential(secret, 'Google_1:a\nb')).toBe(`sha256:${hash}:Google_1:a\nb`);
  expect(ownCredential(secret, storedCredential(secret, 'Google_1:a\nb'))).toEqual({ username: 'Google_1:a\nb' });
});

test('whatever is kept, two hashes are compared in constant time, and once', () => {
  const secret = newSecret();
  const timingSafeEqual = jest.spyOn(crypto, 'timingSafeEqual');
  const good = storedCredential(secret, 'ada');
  for (const stored of [good, storedCredential(newSecret(), 'ada'), undefined, '', 'sha256:', secret, good.slice(0, -3), good.slice(0, -4), good.slice(0, -5), `md5:${good.slice(7)}`]) {
    timingSafeEqual.mockClear();
    expect(ownCredential(secret, stored) !== undefined).toBe(stored === good);
    expect(timingSafeEqual.mock.calls.map(([a, b]) => [a.byteLength, b.byteLength])).toEqual([[32, 32]]);
  }
  timingSafeEqual.mockRestore();
});
