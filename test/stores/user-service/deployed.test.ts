import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { queueMessage } from '../../../lambda-src/sources/queue-message';
import { OWN_CERTIFICATES, PLAN_VARIABLE, type SyncPlan, type UserServicePlan } from '../../../src/private/plan';
import { recordedEvent } from '../../support/events';
import { startLambdaEndpoint, type LambdaEndpoint } from '../../support/lambda-endpoint';
import { startLambdaFunction, type LambdaFunction } from '../../support/lambda-function';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../../support/sqs';
import { startUserService, type UserService } from '../../support/user-service';
import { answers, isSilent, type Misbehaviour } from '../../support/user-service-misbehaviour';

const ASSETS = join(__dirname, '..', '..', '..', 'assets');
const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-api-AbCdEf';
const EVENT = recordedEvent('seed-003-post-confirmation');
const { sub, email } = EVENT.request.userAttributes;
const columns = { cognitoSub: 'sub', email: 'email', status: { constant: 'ACTIVE' } };

let service: UserService;
let secrets: SecretsManager;
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let endpoint: LambdaEndpoint;
let folder: string;
let trigger: LambdaFunction;
let consumer: LambdaFunction;
let writer: LambdaFunction;
let relaying: LambdaFunction;

beforeAll(async () => {
  [service, secrets, sqs] = await Promise.all([startUserService({ tls: true }), startSecretsManager(), startSqs()]);
  queue = await sqs.queueWithDeadLetters();
  secrets.putSecret(ARN, JSON.stringify({ key: 'the-api-key' }));
  service.accepts = ({ headers }) => headers['x-api-key'] === 'the-api-key';
  folder = mkdtempSync(join(tmpdir(), 'user-service-'));
  const database: UserServicePlan = { kind: 'userService', url: service.url, login: { secretArn: ARN, secretField: 'key', header: 'x-api-key' }, ownCertificates: true };
  const load = (name: string, plan: Partial<SyncPlan>, timeoutMs = 5_000, more = {}) => startLambdaFunction({
    name,
    timeoutMs,
    folder: withCertificates(name),
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      [PLAN_VARIABLE]: JSON.stringify({ columns, queue: { url: queue.url }, ...plan }),
      ...more,
    },
  });
  writer = await load('writer-user-service', { database }, 15_000);
  endpoint = await startLambdaEndpoint(writer);
  [trigger, consumer, relaying] = await Promise.all([
    load('trigger-user-service', { database }),
    load('consumer-user-service', { database, consumer: { deadLetterQueueUrl: queue.deadLetters.url, trustedSender: 'AROATRIGGER' } }, 15_000),
    load('trigger-relay', { database: { kind: 'relay', functionName: 'writer-user-service', names: 'plain' } }, 5_000, { AWS_ENDPOINT_URL_LAMBDA: endpoint.url }),
  ]);
});
afterAll(async () => {
  await Promise.all([trigger, consumer, writer, relaying, sqs, secrets, endpoint, service].map((each) => each?.stop()));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  service.users.clear();
  service.requests.length = 0;
});
afterEach(() => {
  service.instead = undefined;
});

/** As the construct lays them there. */
function withCertificates(name: string): string {
  const copy = join(folder, name);
  cpSync(join(ASSETS, name), copy, { recursive: true });
  mkdirSync(dirname(join(copy, OWN_CERTIFICATES)), { recursive: true });
  writeFileSync(join(copy, OWN_CERTIFICATES), service.ca!);
  return copy;
}

const outcomeOf = async (fn = trigger) => {
  const { payload, log, elapsedMs } = await fn.invoke(EVENT);
  expect(payload).toEqual(EVENT);
  return { ...JSON.parse(log.at(-1)!), elapsedMs };
};
const record = (name: string, index: number) => ({
  messageId: `message-${index}`,
  receiptHandle: `handle-${index}`,
  body: queueMessage({ userPoolId: EVENT.userPoolId!, sub: name, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub: name, email: `${name}@example.com` }, enabled: undefined, identities: [] } }),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()), SenderId: 'AROATRIGGER:trigger' },
});

test.each([['by the trigger', () => trigger], ['by the writer', () => relaying]])('the user is there when sign-up returns, %s, on Node.js 24', async (_case, fn) => {
  expect(fn().nodeVersion).toMatch(/^v?24\./);
  expect(await outcomeOf(fn())).toMatchObject({ outcome: 'written', sub });
  expect([...service.users]).toEqual([[sub, { cognitoSub: sub, email, status: 'ACTIVE' }]]);
  expect(service.requests[0].headers['idempotency-key']).toMatch(new RegExp(`^"${sub}:\\d{13}:[\\w-]{12}"$`));
});

test.each<[string, Misbehaviour, object]>([
  ['is down', answers(503), { failure: 'transient', code: 'HTTP 503' }],
  ['rejects the key', answers(401), { failure: 'misconfigured', code: 'HTTP 401' }],
  ['does not answer', isSilent, { failure: 'transient', code: 'ETIMEDOUT' }],
])('where the service %s the user waits in the queue, and sign-up returns in time', async (_case, misbehaviour, error) => {
  const before = (await sqs.messages(queue)).visible.length;
  service.instead = misbehaviour;
  const { elapsedMs, ...line } = await outcomeOf();
  expect(line).toMatchObject({ outcome: 'queued', error });
  expect(elapsedMs).toBeLessThan(4_500);
  expect((await sqs.messages(queue)).visible).toHaveLength(before + 1);
  expect(JSON.stringify(line)).not.toMatch(/@example|the-api-key/);
});

test('those who waited are made, but for who is refused, and who the service fails come again', async () => {
  service.instead = ({ request, response, take }) => {
    const status = request.path.endsWith('/bob') ? 422 : request.path.endsWith('/eve') ? 500 : take().status;
    response.writeHead(status, { 'retry-after': '60' }).end();
  };
  const { payload, log } = await consumer.invoke({ Records: ['ada', 'bob', 'eve', 'zoe'].map(record) });
  expect(payload).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-2' }] });
  expect([...service.users.keys()].sort()).toEqual(['ada', 'zoe']);
  expect((await sqs.messages(queue.deadLetters)).visible).toHaveLength(1);
  expect(log.join()).not.toMatch(/@example|the-api-key/);
});

test('a service that cannot be verified learns of nobody, even where the environment says that nothing is to be verified', async () => {
  const trusting = await startLambdaFunction({
    name: 'trusting',
    folder: join(ASSETS, 'trigger-user-service'),
    environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0', [PLAN_VARIABLE]: JSON.stringify({ columns, database: { kind: 'userService', url: service.url } }) },
  });
  expect(await outcomeOf(trusting)).toMatchObject({ outcome: 'unrecorded', error: { failure: 'misconfigured', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } });
  expect(service.requests).toEqual([]);
  await trusting.stop();
});
