import type { CognitoUser } from '../../lambda-src/cognito-user';
import { type ColumnMapping, rowMapping } from '../../lambda-src/mapping/row-mapping';

const SUB = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const USER: CognitoUser = {
  sub: SUB,
  username: 'Google_1',
  userPoolId: 'eu-west-1_a',
  status: 'EXTERNAL_PROVIDER',
  attributes: { 'sub': SUB, 'name': 'Ada', 'email': 'ada@example.com', 'custom:plan': 'gold', 'updated_at': '1700000000', 'locale': '' },
  identities: [{ providerName: 'Google' }],
  clientMetadata: { campaign: 'spring' },
  observedAt: new Date('2026-03-04T05:06:07.089Z'),
};

const rowOf = (columns: Record<string, ColumnMapping>, user: Partial<CognitoUser> = {}) =>
  Object.fromEntries(rowMapping({ id: 'sub', ...columns }, { key: ['id'] }).toRow({ ...USER, ...user }));
const value = (mapping: ColumnMapping, user: Partial<CognitoUser> = {}) => rowOf({ c: mapping }, user).c;

describe('sources', () => {
  test.each<[ColumnMapping, string | null | undefined]>([
    ['sub', SUB],
    ['email', 'ada@example.com'],
    ['custom:plan', 'gold'],
    ['dev:custom:plan', null],
    ['username', 'Google_1'],
    ['userPoolId', 'eu-west-1_a'],
    ['status', 'EXTERNAL_PROVIDER'],
    ['identityProvider', 'Google'],
    ['clientMetadata:campaign', 'spring'],
    ['observedAt', '2026-03-04T05:06:07.089Z'],
    ['nickname', null],
    ['enabled', undefined],
    ['clientMetadata:other', undefined],
    [{ constant: 'USER' }, 'USER'],
    [(user) => user.attributes.name?.toUpperCase(), 'ADA'],
    [() => 7n, '7'],
    [() => new Date(0), '1970-01-01T00:00:00.000Z'],
    [() => ({ a: [1] }), '{"a":[1]}'],
    [() => undefined, undefined],
    [() => null, null],
    [{ from: () => false, kind: 'boolean' }, 'false'],
  ])('%p gives %p', (mapping, expected) => {
    expect(value(mapping)).toBe(expected);
  });

  test('a user who is only in the pool itself has the provider Cognito, and one whose identities cannot be read none that is known', () => {
    expect(value('identityProvider', { identities: [] })).toBe('Cognito');
    expect(value('identityProvider', { identities: undefined })).toBeUndefined();
  });

  test('all attributes are JSON in one order, whatever order they came in', () => {
    const reversed = Object.fromEntries(Object.entries(USER.attributes).reverse());
    expect(value('attributes')).toBe(value('attributes', { attributes: reversed }));
    expect(JSON.parse(value('attributes')!)).toEqual(USER.attributes);
  });
});

describe('kinds', () => {
  test.each<[string, string, string | null]>([
    ['text', ' Ada ', ' Ada '],
    ['text', '', ''],
    ['boolean', 'TRUE', 'true'], ['boolean', 'no', 'false'], ['boolean', '1', 'true'], ['boolean', '', null],
    ['integer', ' -12345678901234567890 ', '-12345678901234567890'],
    ['numeric', '1.50', '1.50'], ['numeric', '.5e-3', '.5e-3'],
    ['uuid', SUB.toUpperCase(), SUB],
    ['date', '1815-12-10', '1815-12-10'], ['date', '2024-02-29', '2024-02-29'],
    ['timestamp', '1700000000', '2023-11-14T22:13:20.000Z'], ['timestamp', '1700000000123', '2023-11-14T22:13:20.123Z'],
    ['timestamp', '2024-05-06T07:08:09+02:00', '2024-05-06T05:08:09.000Z'], ['timestamp', '2024-05-06 07:08', '2024-05-06T07:08:00.000Z'],
    ['json', '{"big":12345678901234567890}', '{"big":12345678901234567890}'], ['json', '{"\\ud83e\\udd89":"\\\\ud800"}', '{"\\ud83e\\udd89":"\\\\ud800"}'],
  ])('%s takes %p as %p', (kind, text, expected) => {
    expect(value({ from: () => text, kind: kind as 'text' })).toBe(expected);
  });

  test.each([
    ['text', 'lone \ud800 surrogate'], ['boolean', 'maybe'], ['boolean', 'constructor'], ['integer', '1.0'], ['integer', '0x1f'],
    ['numeric', 'NaN'], ['numeric', '1,5'], ['uuid', '1d3e62b0-1dc6-4fed-9872-b67bf9gggggg'], ['date', '2023-02-30'], ['date', '0000-12-10'],
    ['timestamp', 'yesterday'], ['timestamp', '2023-02-30T00:00:00Z'], ['json', '{broken'], ['json', '"\\ud800"'], ['json', '{"\\uDC00":1}'], ['json', '[{"a":"x\\uD83Dy"}]'],
  ])('fails where %s gets %p, and names the column and the kind only', (kind, text) => {
    expect(() => value({ from: () => text, kind: kind as 'text' })).toThrow(new RegExp(`^column "c": the user's value is not of kind ${kind}: expected `));
    expect(() => value({ from: () => text, kind: kind as 'text' })).not.toThrow(text);
  });

  test.each<[ColumnMapping, string]>([['enabled', 'boolean'], ['observedAt', 'timestamp'], ['attributes', 'json'], ['email', 'text']])('%s is of kind %s by itself', (mapping, kind) => {
    expect(rowMapping({ id: 'sub', c: mapping }, { key: ['id'] }).columns[1].kind).toBe(kind);
  });
});

describe('absent and unknown values', () => {
  test('a fallback stands for what is absent', () => {
    expect(value({ from: 'nickname', fallback: 'friend' })).toBe('friend');
    expect(value({ from: 'locale', kind: 'json', fallback: '{}' })).toBe('{}');
  });

  test('a fallback never replaces what may be known already', () => {
    expect(value({ from: 'enabled', fallback: 'true' })).toBeUndefined();
    expect(value({ from: 'enabled', fallback: 'true', write: 'onInsert' })).toBe('true');
    expect(value({ from: 'clientMetadata:other', fallback: 'web' })).toBe('web');
  });

  test('fails where a required value is missing', () => {
    expect(() => value({ from: 'nickname', required: true })).toThrow('column "c": is required, and this user has no value for it');
    expect(() => rowMapping({ id: 'sub', pool: 'userPoolId' }, { key: ['id', 'pool'] }).toRow({ ...USER, userPoolId: undefined })).toThrow('column "pool": is required');
  });

  test('fails where a function of the mapping throws, without its message', () => {
    const broken = () => {
      throw new RangeError('ada@example.com is too long');
    };
    expect(() => value(broken)).toThrow(/^column "c": the mapping's own function gave no value that can be written: RangeError$/);
  });
});

test.each<[string, () => never]>([
  ['is async', (async () => 'ada@example.com') as never],
  ['is async and fails', (async () => { throw new Error('ada@example.com'); }) as never],
  ['gives a map', (() => new Map()) as never],
  ['gives a function', (() => () => 1) as never],
  ['throws an error whose name is no name', () => { throw Object.assign(new Error(), { name: 'ada@example.com' }); }],
])('fails where a function of the mapping %s, and writes nothing instead', (_case, from) => {
  expect(() => value(from)).toThrow(/^column "c": the mapping's own function gave no value that can be written: [A-Za-z]+$/);
});

describe('ownership', () => {
  test('client metadata is written on insert only', () => {
    expect(rowMapping({ id: 'sub', c: 'clientMetadata:campaign' }).columns[1].write).toBe('onInsert');
    expect(() => rowMapping({ id: 'sub', c: { from: 'clientMetadata:campaign', write: 'always' } })).toThrow('client metadata is written on insert only');
  });

  test('an observation time that is always written is the version', () => {
    const { columns } = rowMapping({ id: 'sub', seen: 'observedAt', born: { from: 'observedAt', write: 'onInsert' } });
    expect(columns.map(({ isVersion }) => isVersion)).toEqual([false, true, false]);
  });
});

describe('a row', () => {
  test('tells one state of one user from any other, and not by its columns', () => {
    const { toRow } = rowMapping({ id: 'sub' });
    const seen = new Date('2026-03-04T05:06:08Z');
    expect(toRow(USER).observation).toBe(`${SUB}:1772600767089`);
    expect(toRow({ ...USER, attributes: {} }).observation).toBe(toRow(USER).observation);
    expect(toRow({ ...USER, observedAt: seen }).observation).not.toBe(toRow(USER).observation);
    expect(toRow({ ...USER, observedAt: seen })).toEqual(toRow(USER));
  });

  test('has the prefix before what is there, and nothing before null', () => {
    expect(value({ from: 'sub', prefix: 'USER#' })).toBe(`USER#${SUB}`);
    expect(value({ from: 'nickname', prefix: 'NICK#' })).toBeNull();
  });
});

test('where names are plain, a column may be called anything', () => {
  const { columns, key } = rowMapping({ 'PK#1': 'sub', 'e mail': 'email', '"quoted"': 'name' }, { names: 'plain' });
  expect([columns.map(({ name }) => name), key]).toEqual([['PK#1', 'e mail', '"quoted"'], ['PK#1']]);
  expect(() => rowMapping({ 'id': 'sub', '': 'email' }, { names: 'plain' })).toThrow('got "" as name of a field, expected well-formed text of 1 to 255 bytes');
});

describe('the key', () => {
  test('may be an attribute that nobody can change, and then every user must have it', () => {
    const { key, toRow } = rowMapping({ id: 'sub', n: { from: 'custom:employee', immutable: true } }, { key: ['n'], isGuarded: true });
    expect(key).toEqual(['n']);
    expect(() => toRow(USER)).toThrow('column "n": is required');
  });

  test('is the only column mapped from sub', () => {
    expect(rowMapping({ email: 'email', cognito_user_id: 'sub' }).key).toEqual(['cognito_user_id']);
  });

  test.each<[string, Record<string, ColumnMapping>, string[] | undefined, RegExp]>([
    ['no column has sub', { email: 'email' }, undefined, /^got no column for the user's id/],
    ['several columns have sub', { a: 'sub', b: 'sub' }, undefined, /^got 2 columns mapped from sub \(a, b\)/],
    ['a key column is not mapped', { a: 'sub' }, ['b'], /^key column "b" is not mapped/],
    ['a key column is not always written', { a: { from: 'sub', write: 'onInsert' } }, ['a'], /^key column "a" has write "onInsert"/],
    ['a key column may change', { id: 'sub', email: 'email' }, ['id', 'email'], /^key column "email" is mapped from email, which may change/],
    ['a key column is the observation time', { id: 'sub', seen: 'observedAt' }, ['id', 'seen'], /^key column "seen" is mapped from observedAt/],
    ['a key column is immutable and no attribute', { id: 'sub', state: { from: 'status', immutable: true } }, ['id', 'state'], /^key column "state" is mapped from status/],
    ['a key is there twice', { id: 'sub' }, ['id', 'id'], /^got key column "id" twice/],
    ['a prefix stands before a number', { id: 'sub', c: { from: 'custom:age', kind: 'integer', prefix: 'a' } }, undefined, /^column "c": got a prefix for kind integer: expected kind text/],
    ['a prefix is no well-formed text', { id: { from: 'sub', prefix: 'USER\ud800#' } }, undefined, /^column "id": the prefix is not of kind text: expected well-formed Unicode text/],
    ['the time of observation is a day', { id: 'sub', seen: { from: 'observedAt', kind: 'date' } }, undefined, /^column "seen": observedAt is a moment, got kind date: expected timestamp, or text/],
    ['a constant is not of its kind', { id: 'sub', c: { constant: 'abc', kind: 'integer' } }, undefined, /^column "c": the constant is not of kind integer: expected a whole number/],
    ['a fallback is not of its kind', { id: 'sub', c: { from: 'email_verified', kind: 'boolean', fallback: 'maybe' } }, undefined, /^column "c": the fallback is not of kind boolean/],
    ['there are no columns at all', undefined as never, undefined, /^the options have no columns/],
    ['the mapping is empty', {}, undefined, /^got no column for the user's id/],
    ['two names mean one column', { 'email': 'email', '"email"': 'name', 'id': 'sub' }, undefined, /^column "email" is mapped twice/],
    ['a name is no identifier', { 'e mail': 'email' }, undefined, /^column name "e mail" is not a PostgreSQL identifier/],
    ['a source does not exist', { id: 'sub', c: 'emial' }, undefined, /^column "c": got "emial", which is no value of a Cognito user/],
    ['a source is missing', { id: 'sub', c: undefined as never }, undefined, /^column "c": got undefined/],
    ['a kind does not exist', { id: 'sub', c: { from: 'email', kind: 'varchar' as never } }, undefined, /^column "c": got kind "varchar", expected one of text, boolean/],
    ['an ownership does not exist', { id: 'sub', c: { from: 'email', write: 'never' as never } }, undefined, /^column "c": got write "never", expected one of always/],
  ])('fails where %s', (_case, columns, key, message) => {
    expect(() => rowMapping(columns, { key })).toThrow(expect.objectContaining({ name: 'ConfigurationError', failure: 'misconfigured', message: expect.stringMatching(message) }));
  });
});
