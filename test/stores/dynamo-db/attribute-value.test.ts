import fc from 'fast-check';
import { column } from './stores';
import { attributeNumber } from '../../../lambda-src/stores/dynamo-db/attribute-number';
import { type AttributeValue, attributeValue } from '../../../lambda-src/stores/dynamo-db/attribute-value';

describe('a number', () => {
  test.each<[string, string | undefined]>([
    ['0', '0'], ['-0', '0'], ['+0.00e9', '0'], ['007', '7'], ['+5', '5'], ['.5', '0.5'], ['5.', '5'], ['-12.3400', '-12.34'], ['1e3', '1000'], ['1.5E+2', '150'],
    ['120e-1', '12'], ['1e-3', '0.001'], ['9.99e125', '9.99E125'], ['1e-130', '1E-130'], ['-1e40', `-1${'0'.repeat(40)}`], ['1e41', '1E41'],
    ['9'.repeat(38), '9'.repeat(38)], [`${'9'.repeat(38)}000`, `${'9'.repeat(38)}000`], [`0.${'9'.repeat(38)}`, `0.${'9'.repeat(38)}`],
    ['9'.repeat(39), undefined], ['1e126', undefined], ['1e-131', undefined], ['0.1e-9999', undefined], ['1e9999', undefined],
  ])('%s is written as %s', (text, expected) => expect(attributeNumber(text)).toBe(expected));

  test('has one form for each value', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.nat(30), (value, places) => {
      const shifted = `${value}${'0'.repeat(places)}e-${places}`;
      expect(attributeNumber(shifted)).toBe(String(value));
      expect(attributeNumber(`${value}e-${places}`)).toBe(attributeNumber(`${value}.0e-${places}`));
    }));
  });
});

describe('JSON', () => {
  const document = (text: string) => attributeValue(column('profile', { kind: 'json' }), text);

  test.each<[string, AttributeValue]>([
    ['null', { NULL: true }],
    ['12345678901234567890', { N: '12345678901234567890' }],
    [' [ 1.10 , -2e2 , "3" ] ', { L: [{ N: '1.1' }, { N: '-200' }, { S: '3' }] }],
    ['{"1":"n1","n":"s","\\u0061":"\\"\\\\n5\\u00e9"}', { M: { 1: { S: 'n1' }, n: { S: 's' }, a: { S: '"\\n5é' } } }],
    ['{"a":1,"a":2,"":3}', { M: { 'a': { N: '2' }, '': { N: '3' } } }],
  ])('%s keeps its numbers and texts', (text, expected) => expect(document(text)).toEqual(expected));

  test('keeps a key of any name, and __proto__ is just one', () => {
    const { M: map } = document('{"__proto__":{"admin":true},"constructor":1}') as { M: Record<string, AttributeValue> };
    expect(Object.entries(map)).toEqual([['__proto__', { M: { admin: { BOOL: true } } }], ['constructor', { N: '1' }]]);
    expect(JSON.stringify(map)).toContain('"__proto__"');
  });

  test('of any shape is what it was', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      const text = JSON.stringify(value);
      // DynamoDB holds fewer magnitudes than JavaScript.
      fc.pre(!/e-(1[3-9]\d|[23]\d\d)|e\+(12[6-9]|1[3-9]\d|[23]\d\d)/.test(text));
      expect(plain(document(text))).toEqual(JSON.parse(text));
    }), { numRuns: 500 });
  });

  test('nested without end is refused, and nobody\'s stack overflows', () => {
    expect(() => document('[{"a":'.repeat(50_000) + '1' + '}]'.repeat(50_000))).toThrow('column "profile": the JSON is nested deeper than DynamoDB holds');
  });
});

function plain(value: AttributeValue): unknown {
  if ('N' in value) return Number(value.N);
  if ('L' in value) return value.L.map(plain);
  if ('M' in value) return Object.fromEntries(Object.entries(value.M).map(([key, element]) => [key, plain(element)]));
  if ('NULL' in value) return null;
  return Object.values(value)[0];
}
