import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queueMessage } from '../../../lambda-src/sources/queue-message';
import { PLAN_VARIABLE, type SyncPlan } from '../../../src/private/plan';
import { useDatabase } from '../../support/database';
import { confirmedSignUp } from '../../support/events';
import { startLambdaFunction, type LambdaFunction } from '../../support/lambda-function';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../../support/sqs';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const POOL = 'eu-west-1_Example01';
const database = useDatabase();
let role: string;
let proxy: TcpProxy;
let secrets: SecretsManager;
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let triggers: LambdaFunction[];
let consumer: LambdaFunction;

beforeAll(async () => {
  role = `rotating_${database.name}`;
  await database.client.query(`alter table public.users add seen_at timestamptz; create role ${role} login password 'password-first'; grant usage on schema public to ${role}; grant select, insert, update on public.users to ${role}`);
  [proxy, secrets, sqs] = await Promise.all([startTcpProxy(database.server.port), startSecretsManager(), startSqs()]);
  queue = await sqs.queueWithDeadLetters();
  putSecret('password-first');
  const load = (name: string, timeoutMs: number, more: Partial<SyncPlan> = {}) => startLambdaFunction({
    name,
    timeoutMs,
    folder: join(__dirname, '..', '..', '..', 'assets', name),
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      [PLAN_VARIABLE]: JSON.stringify({
        database: { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET } }, columns: { cognito_user_id: 'sub', email: 'email', seen_at: 'observedAt' }, queue: { url: queue.url }, ...more,
      }),
    },
  });
  [consumer, ...triggers] = await Promise.all([
    load('consumer', 20_000, { consumer: { deadLetterQueueUrl: queue.deadLetters.url, userPoolId: POOL, trustedSender: 'AROATRIGGER' } }), load('trigger', 5_000), load('trigger', 5_000),
  ]);
});
afterEach(async () => {
  await Promise.all([consumer, ...triggers ?? [], proxy, secrets, sqs].map((started) => started?.stop()));
  await database.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
  await database.client.query(`drop owned by ${role}; drop role ${role}`);
});

function putSecret(password: string): void {
  secrets.putSecret(SECRET, database.connectionString({ user: role, password, port: proxy.port }));
}

/** As Secrets Manager does it: the role has the new password a moment before the secret has. And connections end meanwhile. */
async function rotate(password: string): Promise<void> {
  await database.client.query(`alter role ${role} password '${password}'`);
  proxy.cut();
  await sleep(60);
  putSecret(password);
  await sleep(60);
  proxy.cut();
}

const record = (body: string, index: number) => ({
  messageId: `message-${index}`,
  receiptHandle: `handle-${index}`,
  body,
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()), SenderId: 'AROATRIGGER:trigger' },
});
const waitingUser = (sub: string) => queueMessage({ userPoolId: POOL, sub, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub, email: `${sub}@example.com` }, enabled: undefined, identities: [] } });

test('nobody is lost of a hundred sign-ups and a hundred who waited while the password is rotated three times', async () => {
  const subs = (prefix: string) => Array.from({ length: 100 }, (_, index) => `${prefix}-${String(index).padStart(2, '0')}`);
  const outcomes: string[] = [];
  /** Messages that come again, as SQS hands them out once more. */
  let waiting = subs('waited').map(waitingUser);
  let isOver = false;

  const signingUp = Promise.all(triggers.map(async (trigger, lane) => {
    for (const sub of subs('new').filter((_, index) => index % triggers.length === lane)) {
      const { payload, log } = await trigger.invoke({ ...confirmedSignUp({ sub, email: `${sub}@example.com` }), userPoolId: POOL });
      expect(payload).not.toHaveProperty('errorType');
      outcomes.push(JSON.parse(log.at(-1)!).outcome);
      await sleep(8);
    }
  }));
  const consume = async (bodies: readonly string[]) => {
    const { batchItemFailures } = (await consumer.invoke({ Records: bodies.map(record) })).payload as { batchItemFailures: { itemIdentifier: string }[] };
    return batchItemFailures.map(({ itemIdentifier }) => bodies[Number(itemIdentifier.split('-')[1])]);
  };
  const consuming = (async () => {
    while (waiting.length > 0 || !isOver) {
      const [batch, rest] = [waiting.slice(0, 10), waiting.slice(10)];
      waiting = [...rest, ...batch.length > 0 ? await consume(batch) : []];
      await sleep(20);
    }
  })();
  for (const password of ['password-second', 'password-third', 'password-fourth']) {
    await sleep(100);
    await rotate(password);
  }
  await signingUp;
  isOver = true;
  await consuming;

  const queued = (await sqs.messages(queue)).visible.map(({ body }) => body);
  // A row whose answer got lost with the connection is found as it should be by the second try.
  const ended = outcomes.map((outcome) => (outcome === 'unchanged' ? 'written' : outcome));
  expect(ended.sort()).toEqual([...Array(queued.length).fill('queued'), ...Array(100 - queued.length).fill('written')]);
  expect(await consume(queued)).toEqual([]);
  expect((await database.rows('select cognito_user_id from public.users order by 1')).map(({ cognito_user_id: sub }) => sub)).toEqual([...subs('new'), ...subs('waited')].sort());
  expect((await sqs.messages(queue.deadLetters)).visible).toEqual([]);
  expect(secrets.calls).toBeGreaterThan(3);
  expect([consumer, ...triggers].flatMap(({ log }) => log).some((line) => line.includes('password-'))).toBe(false);
}, 60_000);
