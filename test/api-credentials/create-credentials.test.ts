import { randomUUID } from 'node:crypto';
import { basic, claimsOf, POOL } from './site';
import { createCredentialAuthorizer, createCredentialClaim, type CredentialTableOptions } from '../../lambda-src/api-credentials/create-credentials';
import type { LogLine } from '../../lambda-src/delivery/log';
import { useDatabase } from '../support/database';
import { startDynamoDb, type Dynalite } from '../support/dynamo-db';
import { startUserDirectory, type UserDirectory } from '../support/user-directory';

const ARN = 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/$default/GET/users';
const database = useDatabase();
let dynamoDb: Dynalite;
let directory: UserDirectory;
beforeAll(async () => {
  await database.client.query('alter table public.users add column api_credential_hash text');
  [dynamoDb, directory] = await Promise.all([startDynamoDb(), startUserDirectory({ userPoolId: POOL })]);
  await dynamoDb.table('users', { key: { sub: 'S' } });
  Object.assign(process.env, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' });
});
afterAll(() => Promise.all([dynamoDb.stop(), directory.stop()]));

test.each<[string, () => CredentialTableOptions, (sub: string) => Promise<unknown>]>([
  ['PostgreSQL', () => ({ database: { connectionString: database.connectionString(), table: 'public.users', key: 'cognito_user_id' }, key: { '"cognito_user_id"': 'sub' } }), (sub) => database.client.query('insert into public.users (cognito_user_id) values ($1)', [sub])],
  ['PostgreSQL, by a client of one\'s own', () => ({ database: { queryable: database.client, table: 'public.users' }, key: { cognito_user_id: 'sub' } }), (sub) => database.client.query('insert into public.users (cognito_user_id) values ($1)', [sub])],
  ['DynamoDB', () => ({ database: { dynamoDbTable: 'users', key: ['sub'], endpointUrl: dynamoDb.url }, key: { sub: 'sub' }, column: 'credential' }), (sub) => dynamoDb.put('users', { sub: { S: sub } })],
])('without the CDK, both handlers work with a table in %s', async (_name, options, addRow) => {
  const all = { userPoolId: POOL, log: () => undefined, ...options() };
  const claim = createCredentialClaim(all);
  const authorizer = createCredentialAuthorizer(all);
  const sub = randomUUID();
  directory.put({ sub, username: sub, attributes: {} });
  await addRow(sub);
  const { statusCode, body } = await claim({ requestContext: { http: { method: 'POST' }, authorizer: { jwt: { claims: claimsOf(sub) } } } });
  expect(statusCode).toBe(201);
  const isAuthorized = async (secret: string) => authorizer({ version: '2.0', type: 'REQUEST', routeArn: ARN, headers: { authorization: basic(sub, secret) } });
  expect(await isAuthorized(JSON.parse(body).password)).toEqual({ isAuthorized: true, context: { sub } });
  expect(await isAuthorized('A'.repeat(43))).toEqual({ isAuthorized: false, context: {} });
});

test.each<[string, object, string]>([
  ['no database', {}, 'the options have no database'],
  ['no user pool', { userPoolId: undefined, database: { dynamoDbTable: 'users', region: 'eu-west-1' }, key: { sub: 'sub' } }, 'the options have no userPoolId'],
  ['no key', { database: { connectionString: 'postgresql://a@b/c', table: 'users', key: 'sub' } }, 'the options have no key: expected what finds one user\'s row, as the sync maps it'],
  ['half of a key', { database: { dynamoDbTable: 'users', key: ['pk', 'sk'] }, key: { pk: 'sub' } }, 'key column "sk" is not'],
  ['more than a key', { database: { dynamoDbTable: 'users', key: 'pk' }, key: { pk: 'sub', sk: { constant: 'PROFILE' } } }, 'key column "sk" is not in the key of the database, which is (pk): map that key and no more'],
  ['a key that a credential does not tell', { database: { dynamoDbTable: 'users' }, key: { pk: 'sub', sk: { from: 'username' } } }, 'key column "sk" is mapped from username, which a credential does not tell: map it from sub, userPoolId or a constant'],
  ['a column of the key', { database: { queryable: { query: () => undefined }, table: 'users' }, key: { sub: 'sub' }, column: '"sub"' }, 'got column "\\"sub\\"", which is in the key: name a column of its own'],
  ['no name of a column', { database: { dynamoDbTable: 'users' }, key: { sub: 'sub' }, column: '' }, 'got "" as name of a field, expected well-formed text'],
  ['two places', { database: { dynamoDbTable: 'users', table: 'users', connectionString: 'postgresql://a@b/c' }, key: { sub: 'sub' } }, 'the options\' database has dynamoDbTable and table, which are different places'],
  ['a user service', { database: { userService: 'https://users.example.com' }, key: { sub: 'sub' } }, 'got a user service as database, from which nothing can be read'],
  ['a key of three attributes', { database: { dynamoDbTable: 'users' }, key: { a: 'sub', b: { constant: 'b' }, c: { constant: 'c' } } }, 'got key (a, b, c) of 3 attributes, expected those of the table\'s key'],
  ['a key that no table has', { database: { dynamoDbTable: 'users' }, key: { a: 'sub', b: { constant: 'true', kind: 'boolean' } } }, 'key column "b" is of kind boolean, expected a kind that is text or a number'],
  ['no name of a table', { database: { dynamoDbTable: undefined }, key: { sub: 'sub' } }, 'got "" as name of a DynamoDB table'],
])('options with %s are told while loading, and fail nothing but requests', async (_case, options, message) => {
  const log: LogLine[] = [];
  const authorizer = createCredentialAuthorizer({ userPoolId: POOL, log: (line: LogLine) => void log.push(line), ...options } as never);
  await new Promise(setImmediate);
  expect(log).toHaveLength(1);
  await expect(authorizer({ type: 'TOKEN', authorizationToken: basic(randomUUID(), 'A'.repeat(43)), methodArn: ARN })).rejects.toThrow(/^the credential could not be checked/);
  expect(log).toMatchObject([{ level: 'ERROR', message: expect.stringMatching(/^the configuration is wrong/), error: { message: expect.stringContaining(message) } }, { level: 'ERROR', outcome: 'unavailable' }]);
});

test.each([[[]], [[undefined]], [['']]])('a claim function for no app client, %j, is told while loading', async (clientIds) => {
  const log: LogLine[] = [];
  const claim = createCredentialClaim({ userPoolId: POOL, clientIds: clientIds as string[], database: { dynamoDbTable: 'users', region: 'eu-west-1' }, key: { sub: 'sub' }, log: (line: LogLine) => void log.push(line) });
  await new Promise(setImmediate);
  expect(log).toMatchObject([{ level: 'ERROR', error: { message: expect.stringMatching(/^clientIds has none, or an empty one/) } }]);
  expect(await claim({ requestContext: { http: { method: 'POST' }, authorizer: { jwt: { claims: claimsOf(randomUUID()) } } } })).toMatchObject({ statusCode: 500 });
});
