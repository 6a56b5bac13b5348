import { column } from './stores';
import { jsonBody } from '../../../lambda-src/stores/user-service/json-body';
import { canonicalText } from '../../../src/private/kind-rules';
import type { ColumnKindName } from '../../../src/private/plan';

const bodyOf = (kind: ColumnKindName, text: string | null) => jsonBody(new Map([['x', text]]), [column('x', { kind })]);

test.each<[ColumnKindName, string, string]>([
  ['text', 'say "hi"\n\\ \u2028 🦉', '"say \\"hi\\"\\n\\\\ \u2028 🦉"'],
  ['text', '', '""'],
  ['boolean', 'yes', 'true'],
  ['boolean', '0', 'false'],
  ['integer', '+5', '5'],
  ['integer', '-007', '-7'],
  ['integer', '000', '0'],
  ['integer', '12345678901234567890123', '12345678901234567890123'],
  ['numeric', '.5', '0.5'],
  ['numeric', '-.5', '-0.5'],
  ['numeric', '5.', '5'],
  ['numeric', '5.e3', '5e3'],
  ['numeric', '+00.10E-05', '0.10E-05'],
  ['numeric', '3.14159265358979323846264338327950288', '3.14159265358979323846264338327950288'],
  ['uuid', 'ABCDEF00-0000-0000-0000-000000000000', '"abcdef00-0000-0000-0000-000000000000"'],
  ['date', '2026-02-28', '"2026-02-28"'],
  ['timestamp', '1700000000', '"2023-11-14T22:13:20.000Z"'],
  ['json', ' {"big": 12345678901234567890, "nested": [null]} ', '{"big": 12345678901234567890, "nested": [null]}'],
])('a value of kind %s, %p, is %s', (kind, value, json) => {
  expect(bodyOf(kind, canonicalText(kind, value)!)).toBe(`{"x":${json}}`);
  expect(() => JSON.parse(bodyOf(kind, canonicalText(kind, value)!))).not.toThrow();
});

test('null is null, of any kind', () => {
  expect(bodyOf('text', null)).toBe('{"x":null}');
  expect(bodyOf('integer', null)).toBe('{"x":null}');
});

test('a field may have any name, and what the row lacks is not there', () => {
  const names = ['__proto__', 'a "b"', 'ø', 'missing'];
  const row = new Map(names.slice(0, 3).map((name) => [name, '1']));
  expect(jsonBody(row, names.map((name) => column(name)))).toBe('{"__proto__":"1","a \\"b\\"":"1","ø":"1"}');
});

/** Each number in each of the forms that the kind's rule lets through. */
test('every form of a number that the mapping takes is one in JSON, of the same value', () => {
  for (const sign of ['', '+', '-']) {
    for (const whole of ['', '0', '00', '7', '070']) {
      for (const fraction of [undefined, '', '0', '05', '250']) {
        for (const exponent of ['', 'e5', 'E-05', 'e+12']) {
          const text = canonicalText('numeric', `${sign}${whole}${fraction === undefined ? '' : `.${fraction}`}${exponent}`);
          if (text === undefined) continue;
          expect([text, JSON.parse(bodyOf('numeric', text)).x]).toEqual([text, Number(text)]);
        }
      }
    }
  }
});
