import {
  CfnParameter, Duration, type Stack, aws_apigateway as apigateway, aws_apigatewayv2 as apigatewayv2, aws_apigatewayv2_integrations as integrations, aws_dynamodb as dynamodb,
  type aws_rds as rds,
} from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { databases } from './databases';
import { wildcards } from './policies';
import { resourceCycles } from './resource-cycles';
import { clusterIn, columns, iamProps, instanceIn, isolatedVpcIn, newStack, secretIn, syncIn, userPoolIn } from './stacks';
import { ApiCredentials, ColumnKind, ColumnValue, UserDatabase, type ApiCredentialsProps } from '../../src';
import { CREDENTIALS_VARIABLE } from '../../src/private/credentials-plan';

const key = { cognito_user_id: ColumnValue.sub() };

function credentialsIn(stack: Stack, props: Partial<ApiCredentialsProps> = {}): ApiCredentials {
  return new ApiCredentials(stack, 'ApiCredentials', {
    userPool: props.userPool ?? userPoolIn(stack),
    database: props.database ?? UserDatabase.fromSecret(secretIn(stack), { table: 'users', key: ['cognito_user_id'] }),
    key,
    ...props,
  });
}

function dynamoDbIn(stack: Stack, type = dynamodb.AttributeType.STRING, sortKey?: string): UserDatabase {
  return UserDatabase.dynamoDb(new dynamodb.Table(stack, 'Table', { partitionKey: { name: 'pk', type }, ...(sortKey && { sortKey: { name: sortKey, type } }) }));
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

test('names of the key may be written in any way that means the database\'s own', () => {
  const stack = newStack();
  credentialsIn(stack, { database: UserDatabase.fromSecret(secretIn(stack), { table: 'users', key: ['"cognito_user_id"'] }) });
  expect(planOf(stack).key).toEqual({ cognito_user_id: 'sub' });
});

test('only tokens of the app clients that were named may claim, and the authorizer takes no more connections than it may', () => {
  const stack = newStack();
  const userPool = userPoolIn(stack);
  credentialsIn(stack, { userPool, userPoolClients: [userPool.addClient('App'), userPool.addClient('Web')], authorizerConcurrency: 5 });
  expect(planOf(stack, 'CredentialClaim').clientIds).toEqual([expect.stringMatching(/^<UserPoolApp\w+>$/), expect.stringMatching(/^<UserPoolWeb\w+>$/)]);
  expect(functionOf(stack, 'CredentialAuthorizer').ReservedConcurrentExecutions).toBe(5);
  expect(functionOf(stack, 'CredentialClaim')).not.toHaveProperty('ReservedConcurrentExecutions');
});

test('pages of the origins that were named may claim, also of those that only the deployment knows', () => {
  const stack = newStack();
  credentialsIn(stack, { allowOrigins: ['capacitor://localhost', 'http://localhost:3000', `https://${new CfnParameter(stack, 'Domain').valueAsString}`] });
  expect(planOf(stack, 'CredentialClaim').allowOrigins).toEqual(['capacitor://localhost', 'http://localhost:3000', 'https://<Domain>']);
  const other = newStack();
  credentialsIn(other, { allowOrigins: new CfnParameter(other, 'Origins', { type: 'CommaDelimitedList' }).valueAsList });
  expect(functionOf(other, 'CredentialClaim').Environment.Variables[CREDENTIALS_VARIABLE]).toMatchObject({ 'Fn::Join': expect.anything() });
});

test.each([
  'an instance with IAM login', 'a proxy with end-to-end IAM', 'Aurora DSQL', 'the Data API', 'any PostgreSQL by parameter',
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

  test('an API is the same for all of its routes', () => {
    const stack = newStack();
    const credentials = credentialsIn(stack);
    const rest = new apigateway.RestApi(stack, 'Rest').root;
    const http = new apigatewayv2.HttpApi(stack, 'Http');
    for (const name of ['users', 'orders']) {
      rest.addResource(name).addMethod('GET', new apigateway.HttpIntegration('https://example.com'), { authorizer: credentials.restAuthorizer() });
      rest.getResource(name)!.addMethod('PUT', new apigateway.HttpIntegration('https://example.com'), { authorizer: credentials.restTokenAuthorizer() });
      http.addRoutes({ path: `/${name}`, integration: new integrations.HttpUrlIntegration(name, 'https://example.com'), authorizer: credentials.httpAuthorizer() });
    }
    Template.fromStack(stack).resourceCountIs('AWS::ApiGateway::Authorizer', 2);
    Template.fromStack(stack).resourceCountIs('AWS::ApiGatewayV2::Authorizer', 1);
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

test('warns of a cluster that may pause, when all is said', () => {
  const warnings = (change: (cluster: rds.DatabaseCluster) => void) => {
    const stack = newStack();
    const cluster = clusterIn(stack, { serverlessV2MinCapacity: 0 });
    credentialsIn(stack, { database: UserDatabase.fromCluster(cluster, iamProps) });
    change(cluster);
    return Annotations.fromStack(stack).findWarning('/App/ApiCredentials', Match.anyValue()).map(({ entry }) => entry.data);
  };
  expect(warnings(() => {})).toEqual([expect.stringMatching(/^got a cluster that may pause .* API Gateway waits 10 for an authorizer.*\[ack: cognito-user-sync:pausing\]/)]);
  expect(warnings((cluster) => { (cluster.node.defaultChild as rds.CfnDBCluster).addPropertyOverride('ServerlessV2ScalingConfiguration.MinCapacity', 0.5); })).toEqual([]);
});

test('its connections are the functions\' security groups', () => {
  const stack = newStack();
  expect(credentialsIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps), key }).connections.securityGroups).toHaveLength(1);
  expect(() => credentialsIn(newStack()).connections).toThrow('App/ApiCredentials: got no VPC, so that the functions have no security groups');
});

test.each<[string, (stack: Stack) => Partial<ApiCredentialsProps>, string]>([
  ['a user service', () => ({ database: UserDatabase.userService('https://users.example.com/users', { key: ['id'] }), key: { id: ColumnValue.sub() } }), 'got a user service as database, from which nothing can be read: expected a table'],
  ['no key', () => ({ key: undefined }), "got no key, so that nobody knows what finds a user's row: say so as the sync's columns do, such as key: { cognito_user_id: ColumnValue.sub() }"],
  ['a key that is not the whole key of the database', (stack) => ({ database: dynamoDbIn(stack, dynamodb.AttributeType.STRING, 'sk'), key: { pk: ColumnValue.sub() } }), 'key column "sk" is not mapped: map it, or take it out of key'],
  ['columns that are not in the key of the database', (stack) => ({ database: dynamoDbIn(stack), key: { pk: ColumnValue.sub(), sub: ColumnValue.sub() } }), 'key column "sub" is not in the key of the database, which is (pk): map that key and no more'],
  ['a key of another name', (stack) => ({ database: dynamoDbIn(stack), key: { pkk: ColumnValue.sub() } }), 'key column "pk" is not mapped: map it, or take it out of key'],
  ['a key of a type that the table does not have', (stack) => ({ database: dynamoDbIn(stack, dynamodb.AttributeType.NUMBER), key: { pk: ColumnValue.sub() } }), 'column "pk" is of kind text, and in a key of the table or of an index, where its type is N'],
  ['a login that a sync creates', (stack) => ({ database: databases['an instance with a created login'].defined(stack) }), "got DatabaseLogin.created(), which a sync creates for its own columns, expected a login that is there, and may read and change api_credential_hash: create it by the SQL of docs/api-credentials.md, and pass login: DatabaseLogin.iam('api_credentials')"],
  ['no app clients', () => ({ userPoolClients: [] }), 'got no userPoolClients, so that nobody could claim'],
  ['an origin with a path', () => ({ allowOrigins: ['*', 'https://app.example.com/app'] }), 'got "https://app.example.com/app" in allowOrigins, expected an origin as browsers send it, such as "https://app.example.com"'],
  ...['https://*.example.com', 'https://app.example.com:443', 'https://münchen.example', 'HTTPS://app.example.com', 'app.example.com', 'https://app.example.com/', 'null'].map((origin) => (
    [`the origin ${origin}`, () => ({ allowOrigins: [origin] }), `got ${JSON.stringify(origin)} in allowOrigins, expected an origin as browsers send it`] as [string, (stack: Stack) => Partial<ApiCredentialsProps>, string]
  )),
  ['no origins', () => ({ allowOrigins: [] }), 'got no allowOrigins, expected at least one'],
  ['a concurrency that there is not', () => ({ authorizerConcurrency: 0 }), 'got authorizerConcurrency 0, expected a whole number from 1 to 1,000'],
  ['a key that a credential does not tell', (stack) => ({ database: UserDatabase.fromSecret(secretIn(stack), { table: 'users' }), key: { ...key, name: ColumnValue.username() } }), 'key column "name" is mapped from username, which a credential does not tell: map it from sub, userPoolId or a constant'],
  ['a key without sub', (stack) => ({ key: { tenant: ColumnValue.constant('a', { kind: ColumnKind.TEXT }) }, database: UserDatabase.fromSecret(secretIn(stack), { table: 'users' }) }), 'got key (tenant), which two users may share'],
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
