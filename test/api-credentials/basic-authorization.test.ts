import { basic } from './site';
import { readBasicAuthorization } from '../../lambda-src/api-credentials/basic-authorization';

const SUB = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const SECRET = 'p-_6a0Q4l1yYH2oYw8oQm3dZ9cXbVnJrT5sKfLgEi7U';
const base64 = basic(SUB, SECRET).slice(6);

test.each([`Basic ${base64}`, `basic ${base64}`, `BASIC ${base64}`])('%j is a credential', (header) => {
  expect(readBasicAuthorization(header)).toEqual({ sub: SUB, secret: SECRET });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no text', { toString: () => `Basic ${base64}` }],
  ['a list', [`Basic ${base64}`]],
  ['no scheme', base64],
  ['no space', `Basic${base64}`],
  ['two spaces, which API Gateway would keep apart', `Basic  ${base64}`],
  ['a tab', `Basic\t${base64}`],
  ['a space after it', `Basic ${base64} `],
  ['more than 512 characters', `Basic${' '.repeat(512)}${base64}`],
  ['no padding', `Basic ${base64.replace(/=+$/, '')}`],
  ['a bit too many in the last letter', `Basic ${base64.replace(/(.)=$/, (_, letter: string) => `${String.fromCharCode(letter.charCodeAt(0) + 1)}=`)}`],
  ['the alphabet of URLs', `Basic ${Buffer.from(`${SUB}:${SECRET}?>`).toString('base64url')}`],
  ['a user in capitals', basic(SUB.toUpperCase(), SECRET)],
  ['an empty secret', basic(SUB, '')],
  ['a secret with a line after it', basic(SUB, `${SECRET}\n`)],
  ['a second colon', basic(SUB, `${SECRET}:`)],
  ['a colon in front', basic(`:${SUB}`, SECRET)],
  ['letters of two bytes', basic(SUB, `é${SECRET.slice(1)}`)],
])('%s is none', (_case, header) => {
  expect(readBasicAuthorization(header)).toBeUndefined();
});
