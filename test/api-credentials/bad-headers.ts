import { randomBytes } from 'node:crypto';
import { basic } from './site';
import type { Random } from '../../storm/random';

const BASE64URL = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
const SCHEMES = ['Bearer', 'Digest', 'AWS4-HMAC-SHA256', 'Basi', 'Basicc', 'Basic:', '\u0392asic', '', 'Basic\t', 'Basic\u00a0'];
const ODD = ['\0', '\n', '\r\n', '\u2028', '\ufeff', '\ud800', '😀', 'é', 'ı', '%00', ':', '=', '+', '/', ' ', ',', '"', '\\', '\u007f'];

/**
 * Headers that are not this user's credential: mutations of it, random bytes, Unicode, what is far too long, other schemes,
 * cut and malformed base64, other users, and secrets that differ by one letter.
 */
export function badHeaders(sub: string, secret: string, random: Random): () => string {
  const good = basic(sub, secret);
  const below = (limit: number) => random.whole(0, limit - 1);
  const replaced = (text: string, at: number, by: string, length = 1) => text.slice(0, at) + by + text.slice(at + length);
  const base64 = (text: string | Buffer) => `Basic ${Buffer.from(text).toString('base64')}`;
  const kinds: Array<() => string> = [
    () => replaced(good, below(good.length), String.fromCharCode(32 + below(95))),
    () => replaced(good, below(good.length), random.pick(ODD), below(2)),
    () => good.slice(0, below(good.length)),
    () => good + random.pick([good, '=', '==', ' ', ', Basic', 'A', '\0', ...ODD]),
    () => `${random.pick(SCHEMES)} ${good.slice(6)}`,
    () => base64(randomBytes(below(200))),
    () => randomBytes(below(400)).toString('latin1'),
    () => randomBytes(below(200)).toString('utf16le'),
    () => `Basic ${random.pick(['A', 'é', '=', ':', ' ']).repeat(below(9_000))}`,
    () => `${' '.repeat(below(600))}${good}`,
    () => good.replace(' ', ' '.repeat(2 + below(600))),
    () => base64(`${sub}${random.pick([':', '::', '', ';', '\0:'])}${secret}${random.pick([':', '::x', '\0', '=', 'A', '\n'])}`),
    () => base64(`${random.pick([sub.toUpperCase(), sub.replaceAll('-', ''), ` ${sub}`, `${sub} `, `${sub}\0`, "' or true --", '__proto__', '*', 'USER#'])}:${secret}`),
    () => base64(`${sub}:${secret.slice(0, below(43))}`),
    () => `Basic ${Buffer.from(`${sub}:${secret}`).toString(random.pick(['hex', 'base64url', 'latin1'] as const))}`,
    () => `Basic ${random.pick(['null', 'undefined', '[object Object]', '{}', 'NaN'])}`,
  ];
  /** They look like credentials, so that the table is asked. */
  const nearMisses: Array<() => string> = [
    () => base64(`${sub}:${replaced(secret, below(43), random.pick(BASE64URL))}`),
    () => base64(`${replaced(sub, below(8), random.pick([...'0123456789abcdef']))}:${secret}`),
    // The last letter has two bits that are in none of the 32 bytes.
    () => base64(`${sub}:${secret.slice(0, -1)}${random.pick(lettersOfTheSameBytes(secret.at(-1)!))}`),
  ];

  return () => {
    for (;;) {
      const header = random.pick(random.chance(0.015) ? nearMisses : kinds)();
      // The scheme in any case is as good: RFC 7617.
      if (header.replace(/^basic /i, 'Basic ') !== good) return header;
    }
  };
}

function lettersOfTheSameBytes(letter: string): string[] {
  const first = Math.floor(BASE64URL.indexOf(letter) / 4) * 4;
  return BASE64URL.slice(first, first + 4);
}
