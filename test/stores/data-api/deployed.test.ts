import { join } from 'node:path';
import { CLUSTER } from './cluster';
import { queueMessage } from '../../../lambda-src/sources/queue-message';
import { PLAN_VARIABLE, type SyncPlan } from '../../../src/private/plan';
import { startDataApi, type DataApi, type Refusal } from '../../support/data-api';
import { useDatabase } from '../../support/database';
import { recordedEvent } from '../../support/events';
import { startLambdaFunction, type LambdaFunction } from '../../support/lambda-function';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../../support/sqs';

const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
const { sub } = EVENT.request.userAttributes;
const database = useDatabase();
let api: DataApi;
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let trigger: LambdaFunction;
let consumer: LambdaFunction;

beforeAll(async () => {
  api = await startDataApi({ ...CLUSTER, connectionString: database.connectionString() });
  sqs = await startSqs();
  queue = await sqs.queueWithDeadLetters();
  const load = (name: string, timeoutMs: number, more: Partial<SyncPlan> = {}) => startLambdaFunction({
    name,
    timeoutMs,
    folder: join(__dirname, '..', '..', '..', 'assets', name),
    environment: {
      AWS_ENDPOINT_URL_RDS_DATA: api.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      [PLAN_VARIABLE]: JSON.stringify({ database: { kind: 'dataApi', ...CLUSTER, table: 'public.users' }, columns: { cognito_user_id: 'sub', email: 'email' }, queue: { url: queue.url }, ...more }),
    },
  });
  [trigger, consumer] = await Promise.all([load('trigger-data-api', 5_000), load('consumer-data-api', 15_000, { consumer: { deadLetterQueueUrl: queue.deadLetters.url, trustedSender: 'AROATRIGGER' } })]);
});
afterAll(async () => {
  await Promise.all([trigger?.stop(), consumer?.stop(), sqs?.stop(), api?.stop()]);
});
beforeEach(() => database.client.query('truncate public.users'));
afterEach(() => {
  api.delayMs = 0;
  api.refusals.length = 0;
});

const outcomeOf = async () => {
  const { payload, log, elapsedMs } = await trigger.invoke(EVENT);
  expect(payload).toEqual(EVENT);
  return { ...JSON.parse(log.at(-1)!), elapsedMs };
};
const emails = async () => (await database.rows('select email from public.users order by email')).map(({ email }) => email);
const records = (subs: readonly string[]) => subs.map((each, index) => ({
  messageId: `message-${index}`,
  receiptHandle: `handle-${index}`,
  body: queueMessage({ userPoolId: EVENT.userPoolId!, sub: each, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub: each, email: `${each}@example.com` }, enabled: undefined, identities: [] } }),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()), SenderId: 'AROATRIGGER:trigger' },
}));

test('the row is there when sign-up returns', async () => {
  expect(await outcomeOf()).toMatchObject({ outcome: 'written', sub });
  expect(await emails()).toEqual([EVENT.request.userAttributes.email]);
  expect(await outcomeOf()).toMatchObject({ outcome: 'unchanged' });
});

test.each<[string, Refusal[], number, object]>([
  ['the cluster is paused', Array(9).fill('DatabaseResumingException'), 0, { failure: 'transient', code: 'DatabaseResumingException' }],
  ['the role may not', Array(9).fill('AccessDeniedException'), 0, { failure: 'misconfigured', code: 'AccessDeniedException' }],
  ['the service does not answer', [], 60_000, { failure: 'transient' }],
])('where %s the user waits in the queue, and sign-up returns in time', async (_case, refusals, delayMs, error) => {
  const before = (await sqs.messages(queue)).visible.length;
  api.refusals.push(...refusals);
  api.delayMs = delayMs;
  const { elapsedMs, ...line } = await outcomeOf();
  expect(line).toMatchObject({ outcome: 'queued', error });
  expect(elapsedMs).toBeLessThan(4_500);
  expect((await sqs.messages(queue)).visible).toHaveLength(before + 1);
  expect(await emails()).toEqual([]);
});

test('those who waited are written together', async () => {
  const subs = Array.from({ length: 50 }, (_, index) => `user-${String(index).padStart(2, '0')}`);
  const before = api.requests.length;
  expect((await consumer.invoke({ Records: records(subs) })).payload).toEqual({ batchItemFailures: [] });
  expect(await emails()).toEqual(subs.map((each) => `${each}@example.com`));
  expect(api.requests.length - before).toBeLessThanOrEqual(3);
});

test('while the cluster wakes up, they come again', async () => {
  api.refusals.push('DatabaseResumingException');
  const { payload } = await consumer.invoke({ Records: records(['ada', 'bob']) });
  expect(payload).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }, { itemIdentifier: 'message-1' }] });
  expect((await consumer.invoke({ Records: records(['ada', 'bob']) })).payload).toEqual({ batchItemFailures: [] });
  expect(await emails()).toEqual(['ada@example.com', 'bob@example.com']);
});

test('a plan of another kind is told, and does not keep the function from loading', async () => {
  const wrong = await startLambdaFunction({
    name: 'wrong',
    folder: join(__dirname, '..', '..', '..', 'assets', 'trigger-data-api'),
    environment: { [PLAN_VARIABLE]: JSON.stringify({ database: { kind: 'dsql' }, columns: { id: 'sub' } }) },
  });
  const { payload, log } = await wrong.invoke(EVENT);
  await wrong.stop();
  expect(payload).toEqual(EVENT);
  expect(JSON.parse(log.at(-1)!)).toMatchObject({ outcome: 'unrecorded', error: { name: 'ConfigurationError', message: expect.stringMatching(/^the function got a plan with a database of kind "dsql"/) } });
});
