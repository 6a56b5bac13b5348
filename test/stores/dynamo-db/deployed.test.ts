import { join } from 'node:path';
import { queueMessage } from '../../../lambda-src/sources/queue-message';
import { PLAN_VARIABLE, type SyncPlan } from '../../../src/private/plan';
import { startDynamoDb, type Dynalite, type DynaliteBehaviour } from '../../support/dynamo-db';
import { recordedEvent } from '../../support/events';
import { startLambdaFunction, type LambdaFunction } from '../../support/lambda-function';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../../support/sqs';

const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
const { sub, email } = EVENT.request.userAttributes;
const ASSETS = join(__dirname, '..', '..', '..', 'assets');
let dynamoDb: Dynalite;
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let trigger: LambdaFunction;
let consumer: LambdaFunction;

beforeAll(async () => {
  [dynamoDb, sqs] = await Promise.all([startDynamoDb(), startSqs()]);
  queue = await sqs.queueWithDeadLetters();
  await dynamoDb.table('app', { key: { PK: 'S', SK: 'S' } });
  const columns = {
    'PK': { from: 'sub', prefix: 'USER#' }, 'SK': { constant: 'PROFILE' }, 'e-mail': 'email', 'campaign': 'clientMetadata:campaign', 'attributes': 'attributes', 'seenAt': 'observedAt',
  };
  const load = (name: string, timeoutMs: number, more: Partial<SyncPlan> = {}) => startLambdaFunction({
    name,
    timeoutMs,
    folder: join(ASSETS, name),
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      [PLAN_VARIABLE]: JSON.stringify({ database: { kind: 'dynamoDb', tableName: 'app', key: ['PK', 'SK'] }, columns, queue: { url: queue.url }, ...more }),
    },
  });
  [trigger, consumer] = await Promise.all([load('trigger-dynamo-db', 5_000), load('consumer-dynamo-db', 15_000, { consumer: { deadLetterQueueUrl: queue.deadLetters.url, trustedSender: 'AROATRIGGER' } })]);
});
afterAll(async () => {
  await Promise.all([trigger?.stop(), consumer?.stop(), sqs?.stop(), dynamoDb?.stop()]);
});
afterEach(() => dynamoDb.behave());

const itemOf = async (user: string) => dynamoDb.item('app', { PK: { S: `USER#${user}` }, SK: { S: 'PROFILE' } });
const signUp = async (user: string) => {
  const event = { ...EVENT, request: { ...EVENT.request, userAttributes: { ...EVENT.request.userAttributes, sub: user }, clientMetadata: { campaign: 'spring' } } };
  const { payload, log, elapsedMs } = await trigger.invoke(event);
  expect(payload).toEqual(event);
  return { ...JSON.parse(log.at(-1)!), elapsedMs };
};

test('the item is there when sign-up returns, with native types', async () => {
  expect(await signUp(sub)).toMatchObject({ outcome: 'written', sub });
  expect(await itemOf(sub)).toEqual({
    'PK': { S: `USER#${sub}` },
    'SK': { S: 'PROFILE' },
    'e-mail': { S: email },
    'campaign': { S: 'spring' },
    'attributes': { M: expect.objectContaining({ email: { S: email } }) },
    'seenAt': { S: expect.stringMatching(/^\d{4}-.*Z$/) },
  });
});

test.each<[string, DynaliteBehaviour, object]>([
  ['DynamoDB is throttling', { refusal: { code: 'ProvisionedThroughputExceededException' } }, { failure: 'transient', code: 'ProvisionedThroughputExceededException' }],
  ['the role may not', { refusal: { code: 'AccessDeniedException' } }, { failure: 'misconfigured', code: 'AccessDeniedException' }],
  ['DynamoDB does not answer', { delayMs: 60_000 }, { failure: 'transient' }],
])('where %s the user waits in the queue, and sign-up returns in time', async (_case, behaviour, error) => {
  const before = (await sqs.messages(queue)).visible.length;
  dynamoDb.behave(behaviour);
  const { elapsedMs, ...line } = await signUp('waits');
  expect(line).toMatchObject({ outcome: 'queued', error });
  expect(elapsedMs).toBeLessThan(4_500);
  expect((await sqs.messages(queue)).visible).toHaveLength(before + 1);
  dynamoDb.behave();
  expect(await itemOf('waits')).toBeUndefined();
});

test('those who waited are written together, and nobody twice', async () => {
  const users = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  const Records = users.map((user, index) => ({
    messageId: `message-${index}`,
    receiptHandle: `handle-${index}`,
    body: queueMessage({ userPoolId: EVENT.userPoolId!, sub: user, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub: user, email: `${user}@example.com` }, enabled: undefined, identities: [] } }),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()), SenderId: 'AROATRIGGER:trigger' },
  }));
  expect((await consumer.invoke({ Records })).payload).toEqual({ batchItemFailures: [] });
  expect((await Promise.all(users.map(itemOf))).map((item) => item?.['e-mail'].S)).toEqual(users.map((user) => `${user}@example.com`));
  const before = await dynamoDb.items('app');
  await consumer.invoke({ Records });
  expect(await dynamoDb.items('app')).toEqual(before);
});
