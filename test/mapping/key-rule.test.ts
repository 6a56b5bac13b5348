import { App, Stack, aws_cognito as cognito, aws_dynamodb as dynamodb } from 'aws-cdk-lib';
import { type ColumnMapping, rowMapping } from '../../lambda-src/mapping/row-mapping';
import { CognitoUserSync, ColumnValue, ColumnWrite, ServiceLogin, UserDatabase } from '../../src';

interface Keyed {
  readonly value: ColumnValue;
  readonly mapping: ColumnMapping;
}

const sub: Keyed = { value: ColumnValue.sub(), mapping: 'sub' };
const subOnInsert: Keyed = { value: ColumnValue.attribute('sub', { write: ColumnWrite.ON_INSERT }), mapping: { from: 'sub', write: 'onInsert' } };
const username: Keyed = { value: ColumnValue.username(), mapping: 'username' };
const pool: Keyed = { value: ColumnValue.userPoolId(), mapping: 'userPoolId' };
const number: Keyed = { value: ColumnValue.attribute('profile', { immutable: true }), mapping: { from: 'profile', immutable: true } };
const constant: Keyed = { value: ColumnValue.constant('PROFILE'), mapping: { constant: 'PROFILE' } };
const empty: Keyed = { value: ColumnValue.constant(''), mapping: { constant: '' } };

/** DynamoDB looks whose item it is, and a user service does not. */
const STORES = { dynamoDb: true, userService: false };

function constructed(store: keyof typeof STORES, columns: Readonly<Record<string, Keyed>>, key: string[]): void {
  const stack = new Stack(new App(), 'Stack');
  const userPool = new cognito.UserPool(stack, 'Pool', { standardAttributes: { profilePage: { mutable: false, required: true } } });
  const database = store === 'dynamoDb'
    ? UserDatabase.dynamoDb(dynamodb.Table.fromTableName(stack, 'Table', 'users'), { key })
    : UserDatabase.userService('https://users.example.com', { key, login: ServiceLogin.none() });
  new CognitoUserSync(stack, 'Sync', { userPool, database, columns: Object.fromEntries(Object.entries(columns).map(([name, { value }]) => [name, value])) });
}

function mapped(store: keyof typeof STORES, columns: Readonly<Record<string, Keyed>>, key: string[]): void {
  rowMapping(Object.fromEntries(Object.entries(columns).map(([name, { mapping }]) => [name, mapping])), { key, names: 'plain', isGuarded: STORES[store] });
}

describe.each<[string, Readonly<Record<string, Keyed>>, { readonly dynamoDb: boolean; readonly userService: boolean }]>([
  ['sub', { k: sub }, { dynamoDb: true, userService: true }],
  ['sub and a constant', { k: sub, k2: constant }, { dynamoDb: true, userService: true }],
  ['an immutable attribute beside sub', { k: number, id: sub }, { dynamoDb: true, userService: false }],
  ['the username beside sub', { k: username, k2: constant, id: sub }, { dynamoDb: true, userService: false }],
  ['the username beside sub that is written once', { k: username, id: subOnInsert }, { dynamoDb: false, userService: false }],
  ['an immutable attribute without sub', { k: number }, { dynamoDb: false, userService: false }],
  ['the pool and a constant beside sub', { k: pool, k2: constant, id: sub }, { dynamoDb: false, userService: false }],
  ['sub and an empty constant', { k: sub, k2: empty }, { dynamoDb: false, userService: false }],
])('a key of %s', (_case, columns, takes) => {
  const key = Object.keys(columns).filter((name) => name.startsWith('k'));
  test.each(['dynamoDb', 'userService'] as const)('is judged alike by the construct and the factory (%s)', (store) => {
    for (const build of [constructed, mapped]) {
      const building = expect(() => build(store, columns, key));
      if (takes[store]) building.not.toThrow();
      else building.toThrow(/two users may share|a constant without any text/);
    }
  });
});

test('a function in the key is its author\'s to answer for', () => {
  expect(rowMapping({ k: (user) => `USER#${user.sub}` }, { key: ['k'] }).key).toEqual(['k']);
});

test('an empty constant may be in the key of a table of SQL', () => {
  expect(rowMapping({ id: 'sub', tenant: { constant: '' } }, { key: ['id', 'tenant'] }).key).toEqual(['id', 'tenant']);
});
