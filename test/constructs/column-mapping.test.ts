import { CfnParameter, Lazy, Token, aws_cognito as cognito, type Stack } from 'aws-cdk-lib';
import { newStack, planOf, secretIn, syncIn } from './stacks';
import { ColumnKind, ColumnValue, ColumnWrite, UserDatabase, type CognitoUserSyncProps } from '../../src';
import { PLAN_VARIABLE } from '../../src/private/plan';

type Columns = CognitoUserSyncProps['columns'];

const sub = { cognito_user_id: ColumnValue.sub() };

test('the function is given every column as it was written', () => {
  const columns = { ...sub, '"E-Mail"': ColumnValue.attribute('email', { required: true }), 'userName': ColumnValue.username() };
  expect(planWith(columns).columns).toEqual({ 'cognito_user_id': 'sub', '"E-Mail"': { from: 'email', required: true }, 'userName': 'username' });
});

test('the key is left to its default', () => {
  expect(planWith(sub).database.key).toBeUndefined();
});

test('the key may be several columns', () => {
  const key = ['pool', '"cognito_user_id"'];
  expect(planWith({ ...sub, pool: ColumnValue.userPoolId() }, key).database.key).toEqual(key);
});

test('sub may be mapped twice where the key says which is meant', () => {
  expect(planWith({ ...sub, copy: ColumnValue.sub() }, ['copy']).database.key).toEqual(['copy']);
});

test('sub may be the key under its name as an attribute', () => {
  expect(planWith({ id: ColumnValue.attribute('sub', { kind: ColumnKind.UUID }) }).columns).toEqual({ id: { from: 'sub', kind: 'uuid' } });
});

test('what tells users apart may have a prefix, and an attribute that nobody can change may be in the key', () => {
  const columns = { id: ColumnValue.sub({ prefix: 'USER#' }), employee: ColumnValue.attribute('custom:employee', { immutable: true }) };
  expect(planWith(columns, ['id', 'employee']).columns).toEqual({ id: { from: 'sub', prefix: 'USER#' }, employee: { from: 'custom:employee', immutable: true } });
});

const mistakes: { mistake: string; columns: Columns; key?: string[]; message: string }[] = [
  { mistake: 'an empty mapping', columns: {}, message: "got no columns, expected at least the column that holds the user's id" },
  { mistake: 'a name that is no identifier', columns: { ...sub, 'e-mail': ColumnValue.attribute('email') }, message: 'column name "e-mail" is not a PostgreSQL identifier' },
  { mistake: 'a system column', columns: { ...sub, xmin: ColumnValue.attribute('email') }, message: 'column "xmin" is a system column' },
  { mistake: 'a name longer than 63 bytes', columns: { ...sub, [`"${'é'.repeat(32)}"`]: ColumnValue.attribute('email') }, message: `column name "\\"${'é'.repeat(32)}\\"" has 64 bytes` },
  { mistake: 'one column under two names', columns: { ...sub, 'email': ColumnValue.attribute('email'), '"email"': ColumnValue.attribute('name') }, message: 'got columns "email" and "\\"email\\"", which are one column in PostgreSQL: map it once' },
  { mistake: 'a token as name', columns: { ...sub, [Token.asString({ Ref: 'Name' })]: ColumnValue.attribute('email') }, message: 'got a token as column name, expected plain text' },
  { mistake: 'a value that is no ColumnValue', columns: { ...sub, email: 'email' as unknown as ColumnValue }, message: 'column "email": got "email", expected a ColumnValue' },
  { mistake: 'a missing value', columns: { ...sub, email: undefined as unknown as ColumnValue }, message: 'column "email": got undefined, expected a ColumnValue' },
  { mistake: 'a value that is wrong by itself', columns: { ...sub, email: ColumnValue.attribute('mail') }, message: 'column "email": got attribute "mail", expected sub,' },
  { mistake: 'no column from sub', columns: { email: ColumnValue.attribute('email') }, message: "got no column for the user's id" },
  { mistake: 'several columns from sub and no key', columns: { ...sub, copy: ColumnValue.sub() }, message: 'got 2 columns mapped from sub (cognito_user_id, copy), and any of them may be the key: say which with key, such as key: ["cognito_user_id"]' },
  { mistake: 'a key that is not mapped', columns: sub, key: ['id'], message: 'key column "id" is not mapped: map it, or take it out of key' },
  { mistake: 'a key with one column twice', columns: sub, key: ['cognito_user_id', '"cognito_user_id"'], message: 'got key column "cognito_user_id" twice' },
  { mistake: 'an empty key', columns: sub, key: [], message: 'got key (), which two users may share' },
  { mistake: 'a key without sub', columns: { ...sub, email: ColumnValue.attribute('email') }, key: ['email'], message: 'key column "email" is mapped from email, which may change or be unknown' },
  { mistake: 'a key of the pool alone', columns: { ...sub, pool: ColumnValue.userPoolId() }, key: ['pool'], message: 'got key (pool), which two users may share: only sub belongs to one user for ever, so add the column that is mapped from it (cognito_user_id)' },
  { mistake: 'a constant that is not of its kind', columns: { ...sub, level: ColumnValue.constant('high', { kind: ColumnKind.INTEGER }) }, message: 'column "level": got constant "high", expected a whole number' },
  { mistake: 'a fallback that is not of its kind', columns: { ...sub, born: ColumnValue.attribute('birthdate', { kind: ColumnKind.DATE, fallback: 'unknown' }) }, message: 'column "born": got fallback "unknown", expected a date' },
  { mistake: 'a prefix that is no well-formed text', columns: { id: ColumnValue.sub({ prefix: 'USER\ud800#' }) }, message: 'column "id": got prefix "USER\\ud800#", expected well-formed Unicode text' },
  { mistake: 'a key from client metadata', columns: { ...sub, tag: ColumnValue.clientMetadata('tag') }, key: ['cognito_user_id', 'tag'], message: 'key column "tag" is mapped from clientMetadata:tag, which may change or be unknown' },
  { mistake: 'a key from client metadata with options', columns: { ...sub, tag: ColumnValue.clientMetadata('tag', { required: true }) }, key: ['cognito_user_id', 'tag'], message: 'key column "tag" is mapped from clientMetadata:tag' },
  { mistake: 'a key from enabled', columns: { ...sub, enabled: ColumnValue.enabled() }, key: ['cognito_user_id', 'enabled'], message: 'key column "enabled" is mapped from enabled, which may change or be unknown' },
  { mistake: 'a key that is not always written', columns: { id: ColumnValue.attribute('sub', { write: ColumnWrite.ON_INSERT }) }, message: 'key column "id" has write "onInsert", expected ColumnWrite.ALWAYS' },
];

test.each(mistakes)('fails on $mistake, and names the construct', ({ columns, key, message }) => {
  expect(() => planWith(columns, key)).toThrow(`App/UserSync: ${message}`);
});

test.each(['users; drop table users', 'a.b.c', '', '.users', 'pg_catalog.users'])('fails on the table %j', (table) => {
  const stack = newStack();
  expect(() => syncIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), { table }) })).toThrow(/^App\/UserSync: (table|schema)/);
});

test('tokens may stand for the table, a constant, a fallback and an attribute', () => {
  const stack = newStack();
  const parameter = new CfnParameter(stack, 'Parameter').valueAsString;
  syncIn(stack, {
    database: UserDatabase.fromSecret(secretIn(stack), { table: parameter, databaseName: parameter }),
    columns: { ...sub, a: ColumnValue.constant(parameter), b: ColumnValue.attribute('name', { fallback: `"${parameter}"` }), c: ColumnValue.attribute(parameter) },
  });
  const { database, columns } = planOf(stack);
  expect(database).toMatchObject({ table: '<Parameter>', databaseName: '<Parameter>' });
  expect(columns).toEqual({ cognito_user_id: 'sub', a: { constant: '<Parameter>' }, b: { from: 'name', fallback: '"<Parameter>"' }, c: '<Parameter>' });
});

test('a token that is known by the time of synthesis may hold any text', () => {
  const constant = ColumnValue.constant(Lazy.string({ produce: () => 'say "hi"\n' }));
  expect(planWith({ ...sub, constant }).columns.constant).toEqual({ constant: 'say "hi"\n' });
});

describe('the environment of a function holds 4,096 bytes', () => {
  const stackWith = (bytes: number) => {
    const stack = newStack();
    syncIn(stack, { columns: { ...sub, filler: ColumnValue.constant(`é${'x'.repeat(bytes - 2)}`) } });
    return stack;
  };
  /** Of the consumer, whose plan says most. What is known at deployment only counts as 100 bytes. */
  const bytesOf = (stack: Stack) => Buffer.byteLength(PLAN_VARIABLE + JSON.stringify(planOf(stack, 'Consumer')).replace(/<[^<>]+>/g, 'x'.repeat(100)));
  const most = 4096 - (bytesOf(stackWith(100)) - 100);

  test('which a plan may fill', () => {
    expect(bytesOf(stackWith(most))).toBe(4096);
  });

  test('fails on one byte more', () => {
    expect(() => stackWith(most + 1)).toThrow('App/UserSync: got a mapping that makes a plan of 4097 bytes, expected at most 4096, which is what Lambda gives a function\'s environment');
  });

  test('tokens in a column count as nothing', () => {
    const stack = newStack();
    const parameter = new CfnParameter(stack, 'Parameter').valueAsString;
    syncIn(stack, { columns: { ...sub, filler: ColumnValue.constant(parameter.repeat(500)) } });
    expect(planOf(stack).columns.filler).toEqual({ constant: '<Parameter>'.repeat(500) });
  });
});

function planWith(columns: Columns, key?: string[]) {
  const stack = newStack();
  const userPool = new cognito.UserPool(stack, 'UserPool', { customAttributes: { employee: new cognito.StringAttribute({ mutable: false }) } });
  syncIn(stack, { userPool, columns, database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', key }) });
  return planOf(stack);
}
