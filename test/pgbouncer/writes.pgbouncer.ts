import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { LOGIN_RETRY_MS, POOL_SIZE, startPgBouncer, type PgBouncer } from './pgbouncer';
import { queueMessage } from '../../lambda-src/sources/queue-message';
import { PLAN_VARIABLE, type SyncPlan } from '../../src/private/plan';
import { bulkStore, column, singleStore, write } from '../stores/postgres/stores';
import { USERS_TABLE } from '../support/database';
import { confirmedSignUp } from '../support/events';
import { startLambdaFunction, type LambdaFunction } from '../support/lambda-function';
import { startPostgres, type PostgresServer } from '../support/postgres-server';
import { startSecretsManager, type SecretsManager } from '../support/secrets-manager';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../support/sqs';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const TRIGGERS = 4;
let server: PostgresServer;
let bouncer: PgBouncer;
let secrets: SecretsManager;
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let observer: Client;
let triggers: LambdaFunction[];
let consumer: LambdaFunction;

beforeAll(async () => {
  server = await startPostgres();
  await server.createDatabase('app');
  observer = await observing();
  await observer.query(USERS_TABLE);
  [bouncer, secrets, sqs] = await Promise.all([startPgBouncer(server), startSecretsManager(), startSqs()]);
  queue = await sqs.queueWithDeadLetters();
  secrets.putSecret(SECRET, url());
  const load = (name: string, timeoutMs: number, more: Partial<SyncPlan> = {}) => startLambdaFunction({
    name,
    timeoutMs,
    folder: join(__dirname, '..', '..', 'assets', name),
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      [PLAN_VARIABLE]: JSON.stringify({
        database: { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET } }, columns: { cognito_user_id: 'sub', email: 'email' }, queue: { url: queue.url }, ...more,
      }),
    },
  });
  triggers = await Promise.all(Array.from({ length: TRIGGERS }, () => load('trigger', 5_000)));
  consumer = await load('consumer', 20_000, { consumer: { deadLetterQueueUrl: queue.deadLetters.url, trustedSender: 'AROATRIGGER' } });
});
afterAll(async () => {
  await Promise.all([...triggers ?? [], consumer, secrets, sqs].map((started) => started?.stop()));
  await observer?.end();
  await bouncer?.stop();
  await server?.stop();
});
beforeEach(() => observer.query('truncate public.users'));

/** Past PgBouncer. */
async function observing(): Promise<Client> {
  const client = new Client({ connectionString: server.connectionString('app') });
  client.on('error', () => undefined); // the server is restarted under it
  await client.connect();
  return client;
}

async function restartServer(): Promise<void> {
  await server.restart();
  observer = await observing();
}

/** Until it tries again to connect, it refuses everybody. */
async function bouncerConnects(): Promise<void> {
  await sleep(3 * LOGIN_RETRY_MS);
}

function url(): string {
  return server.connectionString('app', { port: bouncer.port });
}

const subs = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(3, '0')}`);
const users = async () => (await observer.query('select cognito_user_id from public.users order by 1')).rows.map(({ cognito_user_id }) => cognito_user_id);
const signUp = async (trigger: LambdaFunction, sub: string, email = `${sub}@example.com`) => JSON.parse((await trigger.invoke(confirmedSignUp({ sub, email }))).log.at(-1)!);
const record = (sub: string) => ({
  messageId: sub,
  receiptHandle: sub,
  body: queueMessage({ userPoolId: 'eu-west-1_Example01', sub, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub, email: `${sub}@example.com` }, enabled: undefined, identities: [] } }),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()), SenderId: 'AROATRIGGER:trigger' },
});
const columns = [column('cognito_user_id'), column('email')];
const storeIn = (storeOf: typeof bulkStore) => storeOf({ connectionString: url(), table: 'public.users', key: ['cognito_user_id'], columns });
const rowsOf = (ids: readonly string[], email: string | null = null) => ids.map((id) => ({ cognito_user_id: id, email }));
const backends = async () => Number((await observer.query("select count(*) from pg_stat_activity where datname = 'app' and pid <> pg_backend_pid()")).rows[0].count);

test('sign-ups and those who waited are written at the same time, over fewer connections than there are writers', async () => {
  const [signedUp, waited] = [subs('new', 80), subs('waited', 300)];
  const [batches, ...lines] = await Promise.all([
    consumer.invoke({ Records: waited.map(record) }),
    ...signedUp.map((sub, index) => signUp(triggers[index % TRIGGERS], sub)),
  ]);
  expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['written']));
  expect(batches.payload).toEqual({ batchItemFailures: [] });
  expect(await users()).toEqual([...signedUp, ...waited].sort());
  expect(await backends()).toBeLessThanOrEqual(POOL_SIZE);
});

test('the same users from all sides end as one row each', async () => {
  const same = subs('same', 40);
  const results = await Promise.all([
    consumer.invoke({ Records: same.map(record) }).then(({ payload }) => payload),
    ...triggers.map(async (trigger) => (await Promise.all(same.map((sub) => signUp(trigger, sub)))).filter(({ outcome }) => outcome !== 'written' && outcome !== 'unchanged')),
  ]);
  // Who the consumer found there already is looked at again later.
  expect(results.slice(1)).toEqual(triggers.map(() => []));
  expect(await users()).toEqual(same);
});

test('thousands of rows in statements side by side', async () => {
  const ids = subs('bulk', 2_500);
  const store = storeIn(bulkStore);
  expect(new Set(await write(store, rowsOf(ids, 'a@example.com')))).toEqual(new Set(['written']));
  expect(new Set(await write(store, rowsOf(ids, 'a@example.com')))).toEqual(new Set(['unchanged']));
  const [changed, alone] = await Promise.all([write(store, rowsOf(ids, 'b@example.com')), write(storeIn(singleStore), rowsOf(subs('alone', 50)))]);
  expect(new Set([...changed, ...alone])).toEqual(new Set(['written']));
  expect(await users()).toHaveLength(2_550);
});

describe('where connections end, the next user is written', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['PgBouncer restarts', () => bouncer.restart()],
    ['the server restarts', async () => {
      await restartServer();
      await bouncerConnects();
    }],
    ['an administrator ends the server\'s sessions', () => observer.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'app' and pid <> pg_backend_pid()")],
  ])('%s', async (_case, end) => {
    expect(await Promise.all(triggers.map((trigger, index) => signUp(trigger, `before-${index}`)))).toEqual(triggers.map(() => expect.objectContaining({ outcome: 'written' })));
    await end();
    await sleep(50);
    expect(await Promise.all(triggers.map((trigger, index) => signUp(trigger, `after-${index}`)))).toEqual(triggers.map(() => expect.objectContaining({ outcome: 'written' })));
    expect((await consumer.invoke({ Records: ['waited-0', 'waited-1'].map(record) })).payload).toEqual({ batchItemFailures: [] });
    expect(await users()).toHaveLength(2 * TRIGGERS + 2);
  });

  test('also in the middle of a run, where who could not be written waits in the queue', async () => {
    const ids = subs('run', 240);
    const running = Promise.all(ids.map((sub, index) => signUp(triggers[index % TRIGGERS], sub)));
    await sleep(50);
    await restartServer();
    const outcomes = (await running).map(({ sub, outcome }) => [sub, outcome]);
    const written = outcomes.filter(([, outcome]) => outcome === 'written' || outcome === 'unchanged').map(([sub]) => sub);
    const queued = (await sqs.messages(queue)).visible.map(({ body }) => JSON.parse(body).sub).filter((sub) => ids.includes(sub));
    expect(outcomes.filter(([, outcome]) => outcome === 'unrecorded')).toEqual([]);
    expect([...new Set([...written, ...queued])].sort()).toEqual(ids);
    expect(await users()).toEqual(expect.arrayContaining(written));
    await bouncerConnects();
  });
});

test('a statement that nobody waits for any more ends on the server: the request to cancel finds its way', async () => {
  const isWaiting = async () => {
    await observer.query('select pg_stat_clear_snapshot()');
    return (await observer.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = 'app'")).rowCount! > 0;
  };
  await observer.query('begin; lock table public.users');
  try {
    const writing = write(storeIn(bulkStore), rowsOf(['late']), 1_000);
    while (!await isWaiting());
    await expect(writing).rejects.toMatchObject({ failure: 'transient' });
    while (await isWaiting());
  } finally {
    await observer.query('rollback');
  }
  expect(await users()).toEqual([]);
  expect(await write(storeIn(bulkStore), rowsOf(['later']))).toEqual(['written']);
});
