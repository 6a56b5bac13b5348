import {
  Duration, type Stack, aws_apigateway as apigateway, aws_apigatewayv2 as apigatewayv2, aws_apigatewayv2_integrations as integrations, aws_dynamodb as dynamodb,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { databases } from './databases';
import { wildcards } from './policies';
import { resourceCycles } from './resource-cycles';
import { columns, iamProps, instanceIn, isolatedVpcIn, newStack, secretIn, syncIn, userPoolIn } from './stacks';
import { ApiCredentials, ColumnKind, ColumnValue, UserDatabase, type ApiCredentialsProps } from '../../src';
import { CREDENTIALS_VARIABLE } from '../../src/private/credentials-plan';

const key = { cognito_user_id: ColumnValue.sub() };

function credentialsIn(stack: Stack, props: Partial<ApiCredentialsProps> = {}): ApiCredentials {
  return new ApiCredentials(stack, 'ApiCredentials', {
    userPool: props.userPool ?? userPoolIn(stack),
    database: props.database ?? UserDatabase.fromSecret(secretIn(stack), { table: 'users', key: ['cognito_user_id'] }),
    ...props,
  });
}

const names = ['CredentialClaim', 'CredentialAuthorizer'] as const;

function functionOf(stack: Stack, name: typeof names[number]): Record<string, any> {
  const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Role: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^ApiCredentials${name}Role`), 'Arn'] } } });
  expect(Object.keys(functions)).toHaveLength(1);
  return Object.values(functions)[0].Properties;
}

function planOf(stack: Stack, name: typeof names[number] = 'CredentialAuthorizer'): any {
  const value = functionOf(stack, name).Environment.Variables[CREDENTIALS_VARIABLE];
  return JSON.parse(typeof value === 'string' ? value : value['Fn::Join'][1].map(textOf).join(''));
}

/** What is known at deployment only: `<LogicalId.Attribute>`, and 5432 for a port. */
function textOf(part: any): string {
  if (typeof part === 'string') return part;
  const name = part.Ref ?? part['Fn::GetAtt'].join('.');
  return name.endsWith('.Port') ? '5432' : `<${name}>`;
}

/** Action → resource, without the log group and the network. */
function allowed(stack: Stack, name: typeof names[number]): unknown[] {
  const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp(`^ApiCredentials${name}Role`) }] } });
  return Object.values(policies).flatMap((policy) => policy.Properties.PolicyDocument.Statement).filter(({ Action }) => !/^(logs|ec2):/.test([Action].flat()[0])).map(({ Action, Resource }) => [Action, Resource]);
}

const POOL_ARN = { 'Fn::GetAtt': [expect.stringMatching(/^UserPool/), 'Arn'] };

test('both functions are told the pool, the table, what finds a user in it, and the column', () => {
  const stack = newStack();
  credentialsIn(stack);
  for (const name of names) {
    expect(planOf(stack, name)).toEqual({
      userPoolId: expect.stringMatching(/^<UserPool\w+>$/),
      database: { kind: 'postgres', table: 'users', key: ['cognito_user_id'], login: { secretArn: expect.stringMatching(/^<Secret\w+>$/) } },
      key: { cognito_user_id: 'sub' },
      column: 'api_credential_hash',
    });
    expect(functionOf(stack, name)).toMatchObject({ Runtime: 'nodejs24.x', Timeout: 10, MemorySize: 512, LoggingConfig: { LogFormat: 'JSON' } });
  }
});

test('metrics, lines of success, memory and log group are the user\'s choice', () => {
  const stack = newStack();
  const userPool = userPoolIn(stack);
  const database = UserDatabase.fromSecret(secretIn(stack), { table: 'users', key: ['cognito_user_id'] });
  const { logGroup } = syncIn(stack, { userPool, database });
  credentialsIn(stack, { userPool, database, metrics: false, successLogs: false, memorySize: 1024, logGroup, column: 'api_key' });
  expect(planOf(stack)).toMatchObject({ metrics: false, successLogs: false, column: 'api_key' });
  expect(functionOf(stack, 'CredentialClaim')).toMatchObject({ MemorySize: 1024, LoggingConfig: { LogGroup: { Ref: expect.stringMatching(/^UserSyncLogGroup/) } } });
  Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 1);
});

test('of a DynamoDB table the one may update items and the other read them, and nothing else', () => {
  const stack = newStack();
  const table = new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING }, sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING } });
  credentialsIn(stack, { database: UserDatabase.dynamoDb(table), key: { pk: ColumnValue.sub({ prefix: 'USER#' }), sk: ColumnValue.constant('PROFILE') } });
  const TABLE_ARN = { 'Fn::GetAtt': [expect.stringMatching(/^Table/), 'Arn'] };
  expect(allowed(stack, 'CredentialClaim')).toEqual([['cognito-idp:AdminGetUser', POOL_ARN], ['dynamodb:UpdateItem', TABLE_ARN]]);
  expect(allowed(stack, 'CredentialAuthorizer')).toEqual([['cognito-idp:AdminGetUser', POOL_ARN], ['dynamodb:GetItem', TABLE_ARN]]);
  expect(planOf(stack)).toMatchObject({ database: { kind: 'dynamoDb' }, key: { pk: { from: 'sub', prefix: 'USER#' }, sk: { constant: 'PROFILE' } } });
});

test('a table with one key attribute needs no word about it', () => {
  const stack = newStack();
  credentialsIn(stack, { database: UserDatabase.dynamoDb(new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'userId', type: dynamodb.AttributeType.STRING } })) });
  expect(planOf(stack).key).toEqual({ userId: 'sub' });
});

test.each([
  'an instance with a created login', 'a proxy with end-to-end IAM', 'Aurora DSQL', 'the Data API', 'any PostgreSQL by parameter',
])('the functions reach %s, beside a sync, without wildcards and without a resource that waits for itself', (name) => {
  const stack = newStack();
  const database = databases[name].defined(stack);
  const userPool = userPoolIn(stack);
  syncIn(stack, { database, userPool });
  credentialsIn(stack, { database, userPool, key });
  expect(planOf(stack).database).toMatchObject({ table: expect.any(String) });
  expect(wildcards(stack)).toEqual([]);
  expect(resourceCycles(stack)).toEqual([]);
});

describe('the authorizer of', () => {
  test('a REST API is of type REQUEST or TOKEN, by the Authorization header, and is kept for cacheTtl', () => {
    const stack = newStack();
    const credentials = credentialsIn(stack, { cacheTtl: Duration.minutes(1) });
    const api = new apigateway.RestApi(stack, 'Api');
    api.root.addMethod('GET', new apigateway.HttpIntegration('https://example.com'), { authorizer: credentials.restAuthorizer() });
    api.root.addMethod('PUT', new apigateway.HttpIntegration('https://example.com'), { authorizer: credentials.restTokenAuthorizer() });
    const authorizers = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::Authorizer')).map(({ Properties }) => Properties);
    expect(authorizers).toMatchObject(['REQUEST', 'TOKEN'].map((Type) => ({ Type, IdentitySource: 'method.request.header.Authorization', AuthorizerResultTtlInSeconds: 60 })));
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::ApiGateway::Method', { AuthorizationType: 'CUSTOM' }, 2);
    expect(resourceCycles(stack)).toEqual([]);
  });

  test('an HTTP API is of payload format 2.0 with simple responses, likewise', () => {
    const stack = newStack();
    const credentials = credentialsIn(stack);
    const api = new apigatewayv2.HttpApi(stack, 'Api');
    api.addRoutes({ path: '/{proxy+}', integration: new integrations.HttpUrlIntegration('Source', 'https://example.com/{proxy}'), authorizer: credentials.httpAuthorizer() });
    Template.fromStack(stack).hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerPayloadFormatVersion: '2.0', EnableSimpleResponses: true, AuthorizerResultTtlInSeconds: 300, IdentitySource: ['$request.header.Authorization'], AuthorizerType: 'REQUEST',
    });
    expect(resourceCycles(stack)).toEqual([]);
  });

  test('each API is one of its own', () => {
    const stack = newStack();
    const credentials = credentialsIn(stack, { cacheTtl: Duration.seconds(0) });
    for (const id of ['First', 'Second']) {
      new apigateway.RestApi(stack, id).root.addMethod('GET', new apigateway.HttpIntegration('https://example.com'), { authorizer: credentials.restAuthorizer(`${id}Authorizer`) });
    }
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::ApiGateway::Authorizer', { AuthorizerResultTtlInSeconds: 0 }, 2);
  });
});

test('warns of subnets from where Cognito cannot be reached', () => {
  const closed = newStack();
  credentialsIn(closed, { database: UserDatabase.fromInstance(instanceIn(closed, { vpc: isolatedVpcIn(closed) }), iamProps), key });
  const warnings = (stack: Stack) => Annotations.fromStack(stack).findWarning('/App/ApiCredentials', Match.anyValue()).map(({ entry }) => entry.data);
  expect(warnings(closed)).toEqual([expect.stringMatching(/^the functions run inside VPC App\/Vpc, from where they must reach Cognito, and not all of its chosen subnets are private ones with egress: choose subnets with egress, or add an interface endpoint for cognito-idp/)]);
  const open = newStack();
  credentialsIn(open, { database: UserDatabase.fromInstance(instanceIn(open), iamProps), key });
  expect(warnings(open)).toEqual([]);
});

test('its connections are the functions\' security groups', () => {
  const stack = newStack();
  expect(credentialsIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps), key }).connections.securityGroups).toHaveLength(1);
  expect(() => credentialsIn(newStack()).connections).toThrow('App/ApiCredentials: got no VPC, so that the functions have no security groups');
});

test.each<[string, (stack: Stack) => Partial<ApiCredentialsProps>, string]>([
  ['a user service', () => ({ database: UserDatabase.userService('https://users.example.com/users', { key: ['id'] }), key: { id: ColumnValue.sub() } }), 'got a user service as database, from which nothing can be read: expected a table'],
  ['a database without key', (stack) => ({ database: UserDatabase.fromSecret(secretIn(stack), { table: 'users' }) }), "got a database without key, so that nobody knows what finds a user's row: say so as the sync's columns do, such as key: { cognito_user_id: ColumnValue.sub() }"],
  ['a key of two columns, and no word about them', (stack) => ({ database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', key: ['tenant', 'id'] }) }), 'got a database whose key has 2 columns'],
  ['a key that a credential does not tell', () => ({ key: { ...key, name: ColumnValue.username() } }), 'key column "name" is mapped from username, which a credential does not tell: map it from sub, userPoolId or a constant'],
  ['a key without sub', () => ({ key: { tenant: ColumnValue.constant('a', { kind: ColumnKind.TEXT }) } }), "got no column for the user's id"],
  ['a column of the key', () => ({ column: '"cognito_user_id"' }), 'got column "\\"cognito_user_id\\"", which is in the key: name a column of its own'],
  ['a column that is no identifier', () => ({ column: 'api-key' }), 'column name "api-key" is not a PostgreSQL identifier'],
  ['a cacheTtl that API Gateway does not take', () => ({ cacheTtl: Duration.minutes(61) }), 'got cacheTtl 1 hour 1 minute, expected at most 1 hour'],
])('fails on %s', (_case, props, message) => {
  const stack = newStack();
  expect(() => credentialsIn(stack, props(stack))).toThrow(`App/ApiCredentials: ${message}`);
});

test('columns of the sync are the key\'s as they are', () => {
  const stack = newStack();
  credentialsIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), { table: 'users' }), key: { cognito_user_id: columns.cognito_user_id } });
  expect(planOf(stack).key).toEqual({ cognito_user_id: 'sub' });
});
