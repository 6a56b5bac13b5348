import { SQSClient, type SQSClientConfig, ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { MessageQueue } from '../../storm/message-queue';
import { type QueueService, startQueueService } from '../../storm/queue-service';

// The SDK's advice to leave Node.js 20 is not for those who read a test report.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const URL_OF_QUEUE = 'https://sqs.eu-west-1.amazonaws.com/111122223333/users';

let now: number;
let queue: MessageQueue;
let service: QueueService;
let client: SQSClient;

beforeEach(async () => {
  now = 1_000_000;
  queue = new MessageQueue(URL_OF_QUEUE, () => now);
  service = await startQueueService({ queues: [queue], senders: { AKIATRIGGER: 'AROATRIGGER:trigger' }, latenessMs: () => 0, onSent: () => undefined });
  client = sqs({ credentials: { accessKeyId: 'AKIATRIGGER', secretAccessKey: 'secret' } });
});

afterEach(async () => {
  client.destroy();
  await service.stop();
});

test('a message of AWS\'s own SDK arrives with its sender and its attributes', async () => {
  await client.send(new SendMessageCommand({ QueueUrl: URL_OF_QUEUE, MessageBody: 'hello', MessageAttributes: { reason: { DataType: 'String', StringValue: 'because' } } }));
  expect(received()).toMatchObject([{ body: 'hello', senderId: 'AROATRIGGER:trigger', attributes: { reason: 'because' }, sentAt: 1_000_000, receiveCount: 1 }]);
});

test('a delayed message comes when the simulated clock has got there', async () => {
  await client.send(new SendMessageBatchCommand({ QueueUrl: URL_OF_QUEUE, Entries: [{ Id: '1', MessageBody: 'late', DelaySeconds: 300 }] }));
  now += 299_999;
  expect(received()).toEqual([]);
  now += 1;
  expect(received()).toMatchObject([{ body: 'late' }]);
});

test('a received message is hidden until its time is over, comes again and counts that', async () => {
  queue.send({ body: 'again', senderId: 'rule' });
  const [{ receiptHandle }] = received();
  expect(received()).toEqual([]);
  const changed = await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: URL_OF_QUEUE, Entries: [{ Id: '1', ReceiptHandle: receiptHandle, VisibilityTimeout: 7 }] }));
  expect(changed).toMatchObject({ Successful: [{ Id: '1' }] });
  now += 7_000;
  expect(received()).toMatchObject([{ body: 'again', receiveCount: 2 }]);
});

test('a deleted message never comes again', () => {
  queue.send({ body: 'done', senderId: 'rule' });
  queue.delete(received()[0].receiptHandle);
  now += 1e9;
  expect(received()).toEqual([]);
  expect(queue.length).toBe(0);
});

test.each([
  ['a delay of more than 15 minutes', () => new SendMessageCommand({ QueueUrl: URL_OF_QUEUE, MessageBody: 'x', DelaySeconds: 901 }), 'InvalidParameterValue'],
  ['another queue', () => new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/other', MessageBody: 'x' }), 'QueueDoesNotExist'],
])('refuses %s, as SQS does', async (_what, command, name) => {
  await expect(client.send(command())).rejects.toMatchObject({ name: expect.stringContaining(name) });
});

test('refuses more than ten messages at once, as SQS does', async () => {
  const Entries = Array.from({ length: 11 }, (_, index) => ({ Id: String(index), MessageBody: 'x' }));
  await expect(client.send(new SendMessageBatchCommand({ QueueUrl: URL_OF_QUEUE, Entries }))).rejects.toMatchObject({ name: expect.stringContaining('TooManyEntriesInBatchRequest') });
});

test('refuses everybody while it is told to', async () => {
  service.refusal = 'ServiceUnavailable';
  await expect(client.send(new SendMessageCommand({ QueueUrl: URL_OF_QUEUE, MessageBody: 'x' }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  expect(queue.length).toBe(0);
});

function received() {
  return queue.receive((visible) => visible, 180);
}

function sqs(config: SQSClientConfig): SQSClient {
  return new SQSClient({ region: 'eu-west-1', endpoint: service.url, maxAttempts: 1, ...config });
}
