import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startRuntimeEnvironment, type RuntimeEnvironment } from './runtime-environment';
import { PLAN_VARIABLE, type SyncPlan } from '../../src/private/plan';
import { useDatabase } from '../support/database';
import { confirmedSignUp } from '../support/events';
import { startSecretsManager, type SecretsManager } from '../support/secrets-manager';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const TRIGGER = join(__dirname, '..', '..', 'assets', 'trigger');
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const PLAN: SyncPlan = {
  database: { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET_ARN } },
  columns: { cognito_user_id: 'sub', email: 'email' },
};

const database = useDatabase();
let secrets: SecretsManager;
let proxy: TcpProxy;
let environment: RuntimeEnvironment;

beforeEach(async () => {
  proxy = await startTcpProxy(database.server.port);
  secrets = await startSecretsManager();
  secrets.putSecret(SECRET_ARN, database.connectionString({ port: proxy.port }));
});

afterEach(async () => {
  await environment.stop();
  await secrets.stop();
  await proxy.stop();
});

async function start(variables: Record<string, string> = {}, folder = TRIGGER): Promise<void> {
  environment = await startRuntimeEnvironment(folder, {
    [PLAN_VARIABLE]: JSON.stringify(PLAN), AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url, ...variables,
  });
}

/** @returns the new user's rows */
async function signUp(): Promise<object[]> {
  const sub = randomUUID();
  const event = confirmedSignUp({ sub, email: `${sub}@example.com` });
  expect(await environment.invoke(event)).toEqual({ payload: event });
  expect(environment.hasEnded).toBe(false);
  return database.rows('select email from users where cognito_user_id = $1', [sub]);
}

const ITS_ROW = [{ email: expect.stringMatching(/@example\.com$/) }];

test('it initialises, and connects before the first event', async () => {
  await start();
  expect(environment.initError).toBeUndefined();
  while (proxy.connections === 0) await sleep(10);
});

test('an event leaves its row', async () => {
  await start();
  expect(await signUp()).toEqual(ITS_ROW);
  expect(await signUp()).toEqual(ITS_ROW);
  expect(proxy.connections).toBe(1);
});

test('a plan that cannot be read fails neither initialisation nor sign-up', async () => {
  await start({ [PLAN_VARIABLE]: '{' });
  expect(environment.initError).toBeUndefined();
  expect(await signUp()).toEqual([]);
  expect(environment.log.filter((line) => line.includes('"unrecorded"'))).toHaveLength(1);
});

describe('after it was frozen', () => {
  test('before its first event, for longer than a login waits, an event leaves its row', async () => {
    await start();
    environment.freeze();
    await sleep(6_000);
    proxy.silence();
    environment.thaw();
    expect(await signUp()).toEqual(ITS_ROW);
  });

  test.each<[string, (connection: TcpProxy) => void]>([
    ['still open', () => {}],
    ['reset', ({ cut }) => cut()],
    ['silently dead', ({ silence }) => silence()],
  ])('between two events, with its connection %s, an event leaves its row', async (_, meanwhile) => {
    await start();
    expect(await signUp()).toEqual(ITS_ROW);
    environment.freeze();
    await sleep(1_000);
    meanwhile(proxy);
    await sleep(1_000);
    environment.thaw();
    expect(await signUp()).toEqual(ITS_ROW);
  });
});

test('a database that is down while it loads ends nothing, and the next event after it is up leaves its row', async () => {
  await proxy.refuse();
  await start();
  await sleep(1_000);
  expect(await signUp()).toEqual([]);
  await proxy.restore();
  expect(await signUp()).toEqual(ITS_ROW);
  expect(environment.initError).toBeUndefined();
  expect(environment.log.join('\n')).not.toMatch(/uncaught|unhandled/i);
});

test('a rejection that another handler leaves uncaught ends the environment, but the row is there', async () => {
  await start({ DATABASE_URL: database.connectionString() }, join(__dirname, 'with-uncaught-rejection'));
  const sub = randomUUID();
  expect(await environment.invoke(confirmedSignUp({ sub }))).toMatchObject({ functionError: 'Unhandled', payload: { errorType: 'Runtime.ExitError' } });
  expect(environment.log.join('\n')).toContain('nobody waits for this');
  expect(await database.rows('select cognito_user_id from users where cognito_user_id = $1', [sub])).toEqual([{ cognito_user_id: sub }]);
});
