import type { LogLine } from '../../lambda-src/delivery/log';
import { createPostConfirmationHandler, createQueueConsumer, type PostConfirmationOptions, type UserDatabaseOptions } from '../../lambda-src/handler';
import { queueMessage } from '../../lambda-src/sources/queue-message';
import { startDynamoDb, type Dynalite } from '../support/dynamo-db';
import { recordedEvent } from '../support/events';
import { startUserService, type UserService } from '../support/user-service';

const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
const { sub, email } = EVENT.request.userAttributes;
const columns = { 'id': 'sub', 'e-mail': 'email' };
const credentials = () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' });

let service: UserService;
let dynamoDb: Dynalite;
let log: LogLine[];

beforeAll(async () => {
  [service, dynamoDb] = await Promise.all([startUserService({ key: ['id'] }), startDynamoDb()]);
  await dynamoDb.table('users', { key: { id: 'S' } });
});
afterAll(() => Promise.all([service.stop(), dynamoDb.stop()]));
beforeEach(() => {
  log = [];
  service.users.clear();
});

const signUp = async (database: UserDatabaseOptions, more: Partial<PostConfirmationOptions> = {}) => {
  const handler = createPostConfirmationHandler({ database, columns, log: (line) => log.push(line), ...more });
  expect(await handler(EVENT)).toBe(EVENT);
  return log.at(-1)!;
};
const inDynamoDb = (): UserDatabaseOptions => ({ dynamoDbTable: 'users', region: dynamoDb.region, credentials, endpointUrl: dynamoDb.url });

test('a user service takes the user', async () => {
  expect(await signUp({ userService: service.url, mayBeUnencrypted: true })).toMatchObject({ outcome: 'written' });
  expect([...service.users]).toEqual([[sub, { 'id': sub, 'e-mail': email }]]);
  expect(await signUp({ userService: service.url, method: 'POST', key: 'id', login: { token: 'x' }, mayBeUnencrypted: true })).toMatchObject({ outcome: 'unchanged' });
});

test('DynamoDB takes the user', async () => {
  expect(await signUp(inDynamoDb())).toMatchObject({ outcome: 'written' });
  expect(await dynamoDb.item('users', { id: { S: sub } })).toEqual({ 'id': { S: sub }, 'e-mail': { S: email } });
  expect(await signUp({ ...inDynamoDb(), key: 'id' } as UserDatabaseOptions)).toMatchObject({ outcome: 'unchanged' });
});

test('either takes those who waited', async () => {
  const record = {
    messageId: 'message',
    receiptHandle: 'handle',
    body: queueMessage({ userPoolId: EVENT.userPoolId!, sub: 'waited', observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub: 'waited', email: 'waited@example.com' }, enabled: undefined, identities: [] } }),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
  };
  const queue = { url: 'https://sqs.eu-west-1.amazonaws.com/111122223333/users', credentials };
  for (const database of [inDynamoDb(), { userService: service.url, mayBeUnencrypted: true }]) {
    const consumer = createQueueConsumer({ database, columns, queue, deadLetterQueue: queue, log: (line) => log.push(line) });
    expect(await consumer({ Records: [record] })).toEqual({ batchItemFailures: [] });
    expect(log[0]).toMatchObject({ outcome: 'written' });
    log = [];
  }
  expect([...service.users.keys()]).toEqual(['waited']);
  expect(await dynamoDb.items('users')).toHaveLength(2);
});

test.each<[string, UserDatabaseOptions, RegExp]>([
  ['a table of DynamoDB without a name', { dynamoDbTable: undefined }, /^got "" as name of a DynamoDB table/],
  ['a user service without a URL', { userService: undefined }, /^got no URL of the user service/],
  ['a user service by plain HTTP', { userService: 'http://users.example.com' }, /^got an http: URL/],
  ['a method that is none of the two', { userService: 'https://users.example.com', method: 'PATCH' as never }, /^got method "PATCH" for the user service/],
  ['a login without its token', { userService: 'https://users.example.com', login: { token: '' } }, /empty token/],
  ['what is no object', 'https://users.example.com' as never, /^the options have no database/],
])('%s does not keep the function from loading, and is named', async (_case, database, message) => {
  expect(await signUp(database)).toMatchObject({ outcome: 'unrecorded', error: { name: 'ConfigurationError', message: expect.stringMatching(message) } });
});
