/** What the types below need. */
export const TYPES = `
  create extension citext;
  create schema "Other schema";
  create type "Other schema"."Mood" as enum ('fine', 'so, "so"');
  create type pair as (a integer, b text);
  create domain "Other schema".short as varchar(5) check (value <> 'never');
  create domain checked_pair as pair check ((value).a > 0);
  create domain tags as text[] check (cardinality(value) < 3);
`;

/** A column type, and texts for it: some fit, some do not. */
export const CASES: ReadonlyArray<readonly [type: string, ...values: string[]]> = [
  ['text', '', 'NULL', 'a,b', '{"a"}', 'back\\slash "quoted"', ' spaces ', 'zwölf 👩‍👩‍👧', 'line\nfeed'],
  ['varchar(5)', 'short', 'toolong', 'space     ', 'spaces  too long'],
  ['varchar', 'any length at all'],
  ['char(5)', 'ab', 'abcde', 'toolong', 'ab       '],
  ['char', 'a', 'ab'],
  ['bpchar', 'any length', 'trailing   '],
  ['"char"', 'a', 'ab', ''],
  ['name', 'n', 'n'.repeat(70)],
  ['bit(3)', '101', '1', '10101'],
  ['bit', '1', '11'],
  ['bit varying(3)', '1', '101', '10101'],
  ['bit varying', '10101'],
  ['boolean', 'true', 'maybe'],
  ['smallint', '7', '70000', ' 7 ', 'seven'],
  ['bigint', '9007199254740993', '1.5'],
  ['numeric(5,2)', '1', '1.005', '999.994', '999.995', '1e400'],
  ['numeric', '0.1000', '1e400'],
  ['real', '0.1', 'NaN'],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'no uuid'],
  ['date', '2026-02-28', '2026-02-30'],
  ['time(0)', '12:34:56.789'],
  ['timestamptz(0)', '2026-01-02T03:04:05.678Z', 'yesterday?'],
  ['timestamptz', '2026-01-02T03:04:05.678901Z', 'infinity'],
  ['timestamp(3)', '2026-01-02T03:04:05.678901Z'],
  ['interval', '1 day 2 hours', 'P1Y'],
  ['interval second(0)', '1.6 seconds'],
  ['jsonb', '{"a": [1, null, "x,\\"y"]}', '{', '{"a": "\\u0000"}'],
  ['bytea', '\\xDEADBEEF', '\\xD'],
  ['inet', '10.0.0.1/8', '10.0.0.256'],
  ['citext', 'Mixed'],
  ['tsvector', "'fat':2 'rat':3"],
  ['int4range', '[1,5)', '[5,1)'],
  ['box', '(3,4),(1,2)'],
  ['int[]', '{1,2,NULL}', '{}', '{{1,2},{3,4}}', '{1', '1'],
  ['text[]', '{a,"b,c",NULL,"NULL","\\"\\\\"}', '[0:1]={a,b}', '{"a'],
  ['varchar(3)[]', '{abc}', '{abcd}'],
  ['numeric(5,2)[]', '{1.005,2}'],
  ['char(3)[]', '{ab}', '{abcd}'],
  ['bit(2)[]', '{10,01}', '{1}'],
  ['timestamptz(0)[]', '{2026-01-02T03:04:05.678Z}'],
  ['jsonb[]', '{"{\\"a\\": 1}"}'],
  ['"Other schema"."Mood"', 'fine', 'so, "so"', 'bad'],
  ['"Other schema"."Mood"[]', '{fine,"so, \\"so\\""}', '{bad}'],
  ['"Other schema".short', 'short', 'toolong', 'never'],
  ['"Other schema".short[]', '{short}', '{toolong}', '{never}'],
  ['tags', '{a,b}', '{a,b,c}', '{}'],
  ['tags[]', '{"{a,b}","{c}"}'],
  ['pair', '(1,"x,y")', '(x,)'],
  ['pair[]', '{"(1,x)"}'],
  ['checked_pair', '(1,x)', '(0,x)'],
  ['json', '{"b": 1,  "a": 2}', '{'],
  ['xml', '<a>1</a>', '<a>'],
];
