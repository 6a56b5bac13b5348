import { withNamedParameters } from '../../../lambda-src/stores/data-api/named-parameters';

test.each([
  ['select $1::pg_catalog.uuid[], $2, $10, $1', 'select :p1::pg_catalog.uuid[], :p2, :p10, :p1'],
  ['"$1" = \'$1\' and "a ""$1""" = \'it\'\'s $1\' and $1', '"$1" = \'$1\' and "a ""$1""" = \'it\'\'s $1\' and :p1'],
  ['do $body$ begin perform $1; a := \'$2\'; end $body$', 'do $body$ begin perform $1; a := \'$2\'; end $body$'],
  ['$$ $1 $$ || $1', '$$ $1 $$ || :p1'],
  ['a::text like \'%::regclass%\'', 'a::text like \'%::regclass%\''],
])('%s', (text, named) => {
  expect(withNamedParameters(text)).toBe(named);
});

test.each(['":name"', '\'12:30\'', '$a$ :b $a$'])('a colon that the service may take for a parameter is refused: %s', (quoted) => {
  expect(() => withNamedParameters(`select ${quoted}, $1`)).toThrow(`got ${quoted} in a statement: expected no colon`);
});
