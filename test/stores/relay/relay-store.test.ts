import { join } from 'node:path';
import { Deadline } from '../../../lambda-src/deadline';
import { UserStoreError } from '../../../lambda-src/errors';
import { relayStore } from '../../../lambda-src/stores/relay/relay-store';
import type { UserRow } from '../../../lambda-src/user-row';
import { PLAN_VARIABLE } from '../../../src/private/plan';
import { useDatabase } from '../../support/database';
import { startHttpServer, type HttpAnswer } from '../../support/http-server';
import { startLambdaEndpoint, type LambdaEndpoint } from '../../support/lambda-endpoint';
import { startLambdaFunction, type LambdaFunction } from '../../support/lambda-function';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const ADA = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const BOB = '9b2d5a10-77aa-4c1c-9c57-4b1f0a1d2e3f';
const lambda = (url: string) => ({ region: 'eu-west-1', endpointUrl: url, credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }) });
const rowOf = (sub: string, email: string | null): UserRow => new Map([['cognito_user_id', sub], ['email', email]]);
const soon = () => Deadline.after(5_000);

describe('through the writer function', () => {
  const database = useDatabase();
  let secrets: SecretsManager;
  let writer: LambdaFunction;
  let endpoint: LambdaEndpoint;

  beforeAll(async () => {
    secrets = await startSecretsManager();
    secrets.putSecret(SECRET, database.connectionString());
    writer = await startLambdaFunction({
      name: 'writer',
      folder: join(__dirname, '..', '..', '..', 'assets', 'writer'),
      environment: {
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
        [PLAN_VARIABLE]: JSON.stringify({ database: { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET } }, columns: { cognito_user_id: 'sub', email: 'email' } }),
      },
    });
    endpoint = await startLambdaEndpoint(writer);
  });
  afterAll(async () => {
    await endpoint.stop();
    await writer.stop();
    await secrets.stop();
  });

  test('rows are written, and the caller is told what became of each', async () => {
    const store = relayStore('writer', lambda(endpoint.url));
    expect(await store.write([rowOf(ADA, 'ada@example.com'), rowOf(BOB, null)], soon())).toEqual(['written', 'written']);
    expect(await store.write([rowOf(ADA, 'ada@example.com'), rowOf(BOB, 'bob@example.com')], soon())).toEqual(['unchanged', 'written']);
    expect(await database.rows('select cognito_user_id, email from public.users order by email')).toEqual([{ cognito_user_id: ADA, email: 'ada@example.com' }, { cognito_user_id: BOB, email: 'bob@example.com' }]);
  });

  test('a row that is refused has its own error, with names and without values', async () => {
    const [error, other] = await relayStore('writer', lambda(endpoint.url)).write([rowOf(ADA, 'ada@example.com\0'), rowOf(BOB, 'bob@example.com')], soon());
    expect([error, other]).toEqual([expect.objectContaining({ name: 'UserStoreError', failure: 'permanent', code: '22021' }), 'unchanged']);
    expect(JSON.stringify([error, writer.log])).not.toContain('ada@example.com');
  });

  test('an ARN may stand for the name, and what fails for every row is thrown', async () => {
    await database.client.query('alter table public.users rename to others');
    await expect(relayStore('writer', lambda(endpoint.url)).write([rowOf(ADA, null)], soon())).rejects.toMatchObject({ failure: 'misconfigured', code: '42P01' });
    await database.client.query('alter table public.others rename to users');
  });
});

describe('the writer function that', () => {
  async function answered(answer: HttpAnswer | 'never', deadline = soon(), rows = [rowOf(ADA, null)]) {
    const calls: string[] = [];
    const server = await startHttpServer(async ({ url }, body) => {
      calls.push(`${url} ${Buffer.byteLength(body)}`);
      return answer === 'never' ? new Promise(() => {}) : answer;
    });
    try {
      return [await relayStore('arn:aws:lambda:eu-west-1:111122223333:function:writer', lambda(server.url)).write(rows, deadline).catch((error) => error), calls];
    } finally {
      await server.stop();
    }
  }
  const json = (body: unknown, more: Partial<HttpAnswer> = {}): HttpAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body), ...more });

  test.each<[string, HttpAnswer | 'never', object]>([
    ['crashed', json({ errorType: 'Runtime.ExitError', errorMessage: 'ada@example.com' }, { headers: { 'x-amz-function-error': 'Unhandled' } }), { failure: 'transient', code: 'FunctionError' }],
    ['is throttled', json({}, { status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' } }), { failure: 'transient', code: 'TooManyRequestsException' }],
    ['may not be invoked', json({}, { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException:http://internal' } }), { failure: 'misconfigured', code: 'AccessDeniedException' }],
    ['is not there', json({}, { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } }), { failure: 'misconfigured', code: 'ResourceNotFoundException' }],
    ['answers no JSON', { status: 200, headers: {}, body: '<html>' }, { failure: 'transient' }],
    ['answers nothing', { status: 200, headers: {}, body: '' }, { failure: 'transient' }],
    ['answers null', json(null), { failure: 'transient' }],
    ['answers too many results', json({ results: ['written', 'written'] }), { failure: 'transient' }],
    ['answers too few results', json({ results: [] }), { failure: 'transient' }],
    ['answers a result that is none', json({ results: ['perhaps'] }), { failure: 'transient' }],
    ['answers an error that is none', json({ results: [{ error: { failure: 'odd', message: 'x' } }] }), { failure: 'transient' }],
    ['tells that it could not write', json({ error: { failure: 'misconfigured', message: 'no table', code: '42P01' } }), { failure: 'misconfigured', code: '42P01', message: 'no table' }],
  ])('%s is an error that says so', async (_case, answer, error) => {
    const [got] = await answered(answer);
    expect(got).toBeInstanceOf(UserStoreError);
    expect(got).toMatchObject(error);
    expect(JSON.stringify(got)).not.toContain('ada@example.com');
  });

  test('never answers is given up at the deadline', async () => {
    const [got] = await answered('never', Deadline.after(200));
    expect(got).toMatchObject({ failure: 'transient', code: 'ETIMEDOUT' });
  });

  test('is invoked as often as its payload limit needs', async () => {
    const rows = Array.from({ length: 5 }, () => rowOf(ADA, 'x'.repeat(1_500_000)));
    const [, calls] = await answered(json({ results: ['written', 'written'] }), soon(), rows.slice(0, 2));
    expect(calls).toEqual([expect.stringMatching(/^\/2015-03-31\/functions\/arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Awriter\/invocations 300\d{4}$/)]);
    const [, more] = await answered(json({ results: ['written', 'written'] }), soon(), rows);
    expect(more).toHaveLength(3);
  });
});
