import { readRows, wireRows, type WriteRequest } from '../../../lambda-src/stores/relay/wire';
import { ObservedRow } from '../../../lambda-src/user-row';

const sent = (rows: ReturnType<typeof wireRows>): WriteRequest => JSON.parse(JSON.stringify({ ...rows, insertOnly: false, milliseconds: 1_000 }));

test('the writer gets the rows as they were, and knows which state of whom each shows', () => {
  const rows = [new ObservedRow([['id', 'a'], ['__proto__', null]], 'a:1'), new ObservedRow([['id', 'b']])];
  const got = readRows(sent(wireRows(rows)));
  expect(got).toEqual(rows);
  expect(got.map(({ observation }) => observation)).toEqual(['a:1', undefined]);
});

test('a request of a function that does not tell it yet is written all the same', () => {
  const { rows, insertOnly, milliseconds } = sent(wireRows([new ObservedRow([['id', 'a']], 'a:1')]));
  expect(readRows({ rows, insertOnly, milliseconds }).map((row) => [...row])).toEqual([[['id', 'a']]]);
});
