import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { basic, claimsOf, POOL } from './site';
import { CREDENTIALS_VARIABLE, type CredentialsDatabasePlan, type CredentialsPlan } from '../../src/private/credentials-plan';
import { startApiGateway, type ApiGateway } from '../support/api-gateway';
import { useDatabase } from '../support/database';
import { DYNAMO_DB_REGION, startDynamoDb, type Dynalite } from '../support/dynamo-db';
import { startHttpServer, type HttpServer } from '../support/http-server';
import { startLambdaFunction, type LambdaFunction } from '../support/lambda-function';
import { startSecretsManager, type SecretsManager } from '../support/secrets-manager';
import { startUserDirectory, type UserDirectory } from '../support/user-directory';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const database = useDatabase();
let dynamoDb: Dynalite;
let directory: UserDirectory;
let secrets: SecretsManager;
let source: HttpServer;
beforeAll(async () => {
  await database.client.query('alter table public.users add column api_credential_hash text');
  [dynamoDb, directory, secrets, source] = await Promise.all([
    startDynamoDb(), startUserDirectory({ userPoolId: POOL }), startSecretsManager(), startHttpServer(async (request) => ({ status: 200, body: String(request.headers['x-user']) })),
  ]);
  await dynamoDb.table('users', { key: { cognito_user_id: 'S' } });
  secrets.putSecret(SECRET, database.connectionString());
});
afterAll(() => Promise.all([dynamoDb.stop(), directory.stop(), secrets.stop(), source.stop()]));

async function load(folder: string, plan: object): Promise<LambdaFunction> {
  return startLambdaFunction({
    name: folder,
    folder: join(__dirname, '..', '..', 'assets', folder),
    region: DYNAMO_DB_REGION,
    timeoutMs: 10_000,
    environment: {
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      [CREDENTIALS_VARIABLE]: JSON.stringify(plan),
    },
  });
}

describe.each<[string, string, CredentialsDatabasePlan, (sub: string) => Promise<unknown>]>([
  ['PostgreSQL', '', { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET } }, (sub) => database.client.query('insert into public.users (cognito_user_id) values ($1)', [sub])],
  ['DynamoDB', '-dynamo-db', { kind: 'dynamoDb', tableName: 'users' }, (sub) => dynamoDb.put('users', { cognito_user_id: { S: sub } })],
])('with a table in %s, the deployed functions', (_name, suffix, plan, addRow) => {
  let claim: LambdaFunction;
  let authorizer: LambdaFunction;
  let gateway: ApiGateway;
  const tokens = new Map<string, Record<string, string>>();
  beforeAll(async () => {
    const whole: CredentialsPlan = { userPoolId: POOL, database: plan, key: { cognito_user_id: 'sub' }, column: 'api_credential_hash' };
    [claim, authorizer] = await Promise.all([load(`credential-claim${suffix}`, whole), load(`credential-authorizer${suffix}`, whole)]);
    gateway = await startApiGateway({ kind: 'REST, REQUEST', cacheSeconds: 0, source: source.url, tokens, claim: (event) => claim.invoke(event), authorizer: (event) => authorizer.invoke(event) });
  });
  afterAll(() => Promise.all([gateway.stop(), claim.stop(), authorizer.stop()]));

  test('give a user a credential, let it in, and refuse it when it is revoked', async () => {
    const sub = randomUUID();
    directory.put({ sub, username: sub, attributes: {} });
    tokens.set(sub, claimsOf(sub));
    await addRow(sub);
    const headers = { authorization: `Bearer ${sub}` };
    const { password } = await (await fetch(`${gateway.url}/credential`, { method: 'POST', headers })).json() as { password: string };
    const call = async (secret = password) => fetch(`${gateway.url}/users`, { headers: { authorization: basic(sub, secret) } });
    const answer = await call();
    expect([answer.status, await answer.text()]).toEqual([200, sub]);
    expect((await call(password.slice(1))).status).toBe(401);
    expect((await fetch(`${gateway.url}/credential`, { method: 'DELETE', headers })).status).toBe(204);
    expect((await call()).status).toBe(401);
    for (const fn of [claim, authorizer]) {
      expect(fn.nodeVersion).toMatch(/^v24\./);
      expect(fn.log.join('\n')).not.toContain(password);
      expect(fn.log.join('\n')).not.toContain(basic(sub, password).slice(6));
    }
  });

  test('load without a plan, and let nobody in', async () => {
    const wrong = await load(`credential-authorizer${suffix}`, {});
    const { payload, functionError, log } = await wrong.invoke({ type: 'TOKEN', authorizationToken: basic(randomUUID(), 'A'.repeat(43)), methodArn: 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/prod/GET/users' });
    await wrong.stop();
    expect(functionError).toBe('Unhandled');
    expect(payload).toMatchObject({ errorType: 'UnavailableError', errorMessage: expect.stringMatching(/^the credential could not be checked/) });
    expect(log.map((line) => JSON.parse(line))).toContainEqual(expect.objectContaining({ level: 'ERROR', outcome: 'unavailable', error: expect.objectContaining({ message: expect.stringMatching(/holds no plan with a database/) }) }));
  });
});
