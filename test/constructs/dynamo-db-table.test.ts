import { aws_dynamodb as dynamodb, aws_kms as kms, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { wildcards } from './policies';
import { functionNamesOf, functionOf, IRELAND, newApp, newStack, planOf, statementsOf, syncIn } from './stacks';
import { ColumnKind, ColumnValue, type CognitoUserSyncProps, type DynamoDbTableProps, UserDatabase } from '../../src';

const ID = { name: 'id', type: dynamodb.AttributeType.STRING };
const KIND = { name: 'kind', type: dynamodb.AttributeType.STRING };
const byId = { id: ColumnValue.sub(), email: ColumnValue.attribute('email') };
const TABLE_ARN = { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'Arn'] };

// The CDK's own TableV2 uses what the CDK deprecates.
process.env.JSII_DEPRECATED = 'quiet';

type Columns = CognitoUserSyncProps['columns'];

/** In a stack of its own, with the sync. */
function synced(tableOf: (stack: Stack) => dynamodb.ITable = (stack) => tableIn(stack), columns: Columns = byId, props?: DynamoDbTableProps): Stack {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.dynamoDb(tableOf(stack), props), columns });
  return stack;
}

function tableIn(stack: Stack, props: Partial<dynamodb.TableProps> = {}): dynamodb.Table {
  return new dynamodb.Table(stack, 'Table', { partitionKey: ID, ...props });
}

const onTable = (stack: Stack, name: 'Trigger' | 'Consumer' = 'Trigger') => statementsOf(stack, name).filter(({ Action }) => /^(dynamodb|kms)/.test(String(Action)));

test('the functions are told the table and its key', () => {
  expect(planOf(synced())).toMatchObject({ database: { kind: 'dynamoDb', tableName: expect.stringMatching(/^<Table/), key: ['id'] }, columns: { id: 'sub', email: 'email' } });
});

test('they may update items of the table, and nothing else', () => {
  const stack = synced((scope) => {
    const table = tableIn(scope);
    table.addGlobalSecondaryIndex({ indexName: 'byEmail', partitionKey: { name: 'email', type: dynamodb.AttributeType.STRING } });
    return table;
  });
  expect(functionNamesOf(stack)).toEqual(['Trigger', 'Consumer']);
  for (const name of ['Trigger', 'Consumer'] as const) {
    expect(onTable(stack, name)).toEqual([{ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: TABLE_ARN }]);
    expect(functionOf(stack, name).Properties).not.toHaveProperty('VpcConfig');
  }
  expect(wildcards(stack)).toEqual([]);
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroup', 0);
});

test('a key of its own may be used by DynamoDB for them, by the policies of their roles alone', () => {
  const stack = synced((scope) => tableIn(scope, { encryptionKey: new kms.Key(scope, 'Key') }));
  expect(onTable(stack)[1]).toEqual({
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] },
    Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } },
  });
  expect(wildcards(stack)).toEqual([]);
  const [{ Properties: { KeyPolicy } }] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key')) as [any];
  expect(KeyPolicy.Statement).toHaveLength(1);
});

test('who reads may read items, and decrypt', () => {
  const stack = newStack();
  const fn = syncIn(stack, { database: UserDatabase.dynamoDb(tableIn(stack)), columns: byId }).triggerFunction;
  const other = new dynamodb.Table(stack, 'Other', { partitionKey: ID, encryptionKey: new kms.Key(stack, 'Key') });
  UserDatabase.dynamoDb(other)._bind(stack).connect(fn, ['read']);
  expect(onTable(stack).slice(1)).toEqual([
    expect.objectContaining({ Action: 'dynamodb:GetItem', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Other/), 'Arn'] } }),
    expect.objectContaining({ Action: ['kms:Decrypt', 'kms:DescribeKey'] }),
  ]);
});

test('a table for many kinds of things works by a prefix and a constant', () => {
  const stack = synced((scope) => tableIn(scope, { partitionKey: { ...ID, name: 'PK' }, sortKey: { ...KIND, name: 'SK' } }), {
    'PK': ColumnValue.sub({ prefix: 'USER#' }), 'SK': ColumnValue.constant('PROFILE'), 'e-mail': ColumnValue.attribute('email'),
  }, { key: ['SK', 'PK'] });
  expect(planOf(stack)).toMatchObject({ database: { key: ['PK', 'SK'] }, columns: { 'PK': { from: 'sub', prefix: 'USER#' }, 'SK': { constant: 'PROFILE' }, 'e-mail': 'email' } });
});

test('the key may do without sub, which then tells another user\'s item', () => {
  const stack = synced(undefined, { id: ColumnValue.username(), sub: ColumnValue.sub() });
  expect(planOf(stack)).toMatchObject({ database: { key: ['id'] } });
});

describe('a table', () => {
  test('of the second kind works as the first', () => {
    const stack = synced((scope) => new dynamodb.TableV2(scope, 'Table', { partitionKey: ID }));
    expect(planOf(stack).database).toEqual({ kind: 'dynamoDb', tableName: expect.stringMatching(/^<Table/), key: ['id'] });
    expect(onTable(stack)).toEqual([{ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: TABLE_ARN }]);
  });

  test('may be a replica in another Region', () => {
    const replicated = (stack: Stack) => new dynamodb.TableV2(stack, 'Table', { partitionKey: ID, replicas: [{ region: 'us-east-1' }] }).replica('us-east-1');
    const stack = synced(replicated);
    expect(planOf(stack).database).toEqual({ kind: 'dynamoDb', tableName: expect.stringMatching(/^<Table/), region: 'us-east-1', key: ['id'] });
    expect(JSON.stringify(onTable(stack)[0].Resource)).toContain(':dynamodb:us-east-1:111122223333:table/');
    expect(() => synced(replicated, byId, { key: ['user_id'] })).toThrow('expected that of App/Table/');
  });

  test('may be imported, and is then found by the attribute that is mapped from sub', () => {
    const stack = synced((scope) => dynamodb.Table.fromTableName(scope, 'Table', 'users'));
    expect(planOf(stack).database).toEqual({ kind: 'dynamoDb', tableName: 'users' });
  });

  test.each(['Table', 'TableV2'] as const)('may be imported from another Region and account, by its ARN (%s)', (construct) => {
    const arn = 'arn:aws:dynamodb:us-east-1:444455556666:table/users';
    const stack = synced((scope) => dynamodb[construct].fromTableArn(scope, 'Table', arn), byId, { key: ['id'] });
    expect(planOf(stack).database).toEqual({ kind: 'dynamoDb', tableName: arn, region: 'us-east-1', key: ['id'] });
    expect(onTable(stack)).toEqual([{ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: arn }]);
  });

  test('of another account is known by its ARN, also where nobody knows the account of the stack', () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:444455556666:table/users';
    const stack = newStack('App', {});
    syncIn(stack, { database: UserDatabase.dynamoDb(dynamodb.Table.fromTableArn(stack, 'Table', arn)), columns: byId });
    expect(planOf(stack).database).toMatchObject({ tableName: arn, region: 'eu-west-1' });
  });

  test('may stand in another stack', () => {
    const app = newApp();
    const table = tableIn(newStack('Tables', IRELAND, app));
    const stack = newStack('App', IRELAND, app);
    syncIn(stack, { database: UserDatabase.dynamoDb(table), columns: byId });
    expect(onTable(stack)[0].Resource).toEqual({ 'Fn::ImportValue': expect.stringMatching(/^Tables:/) });
    app.synth();
  });

  test('and the sync may stand where nobody knows account and Region', () => {
    const stack = newStack('App', {});
    syncIn(stack, { database: UserDatabase.dynamoDb(tableIn(stack, { encryptionKey: new kms.Key(stack, 'Key') })), columns: byId });
    expect(planOf(stack).database).toEqual({ kind: 'dynamoDb', tableName: expect.stringMatching(/^<Table/), key: ['id'] });
    expect(onTable(stack)[1].Condition.StringEquals['kms:ViaService']).toEqual({ 'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']] });
  });
});

describe('fails on', () => {
  test('another key than the table\'s', () => {
    expect(() => synced((stack) => tableIn(stack, { sortKey: KIND }), byId, { key: ['id'] }))
      .toThrow('App/UserSync: got key (id), expected that of App/Table, which is (id, kind): leave key out, and map each of its attributes');
  });

  test('an attribute of the key that is not mapped', () => {
    expect(() => synced((stack) => tableIn(stack, { sortKey: KIND }))).toThrow('App/UserSync: key column "kind" is not mapped: map it, or take it out of key');
  });

  test.each<[string, dynamodb.AttributeType, ColumnKind | undefined]>([['text', dynamodb.AttributeType.NUMBER, undefined], ['text', dynamodb.AttributeType.BINARY, undefined], ['integer', dynamodb.AttributeType.STRING, ColumnKind.INTEGER], ['boolean', dynamodb.AttributeType.STRING, ColumnKind.BOOLEAN]])('a %s where a key of the table has %s', (kind, type, columnKind) => {
    const columns = { id: ColumnValue.sub(), kind: ColumnValue.constant('1', { kind: columnKind }) };
    expect(() => synced((stack) => tableIn(stack, { sortKey: { name: 'kind', type } }), columns))
      .toThrow(`App/UserSync: column "kind" is of kind ${kind}, and in a key of the table or of an index, where its type is ${type}: give it a kind that fits (S: text, N: integer or numeric), or change the table`);
  });

  test('a kind that does not fit the key of an index', () => {
    const table = (stack: Stack) => {
      const indexed = tableIn(stack);
      indexed.addGlobalSecondaryIndex({ indexName: 'byState', partitionKey: { name: 'enabled', type: dynamodb.AttributeType.STRING } });
      return indexed;
    };
    expect(() => synced(table, { ...byId, enabled: ColumnValue.enabled() })).toThrow('App/UserSync: column "enabled" is of kind boolean');
    expect(synced(table, { ...byId, enabled: ColumnValue.constant('yes') })).toBeDefined();
  });

  test('a key of an imported table that none can have', () => {
    const imported = (stack: Stack) => dynamodb.Table.fromTableName(stack, 'Table', 'users');
    const a = ColumnValue.constant('a');
    expect(() => synced(imported, { ...byId, a, b: a }, { key: ['id', 'a', 'b'] })).toThrow('App/UserSync: got key (id, a, b) of 3 attributes, expected those of the table\'s key');
    expect(() => synced(imported, { ...byId, a: ColumnValue.constant('true', { kind: ColumnKind.BOOLEAN }) }, { key: ['id', 'a'] }))
      .toThrow('App/UserSync: key column "a" is of kind boolean, expected a kind that is text or a number');
    expect(() => synced(imported, { id: ColumnValue.attribute('sub', { kind: ColumnKind.JSON }) })).toThrow('key column "id" is of kind json');
    expect(() => synced(imported, { ...byId, a: ColumnValue.constant('') }, { key: ['id', 'a'] })).toThrow('App/UserSync: key column "a" is a constant without any text');
  });

  test('a key that two users may share', () => {
    expect(() => synced(undefined, { id: ColumnValue.userPoolId(), sub: ColumnValue.sub() })).toThrow('App/UserSync: got key (id), which two users may share');
  });
});
