import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLine } from '../../lambda-src/delivery/log';
import { UserStoreError } from '../../lambda-src/errors';
import { createPostConfirmationHandler, createQueueConsumer, type PostConfirmationOptions, type UserDatabaseOptions } from '../../lambda-src/handler';
import { queueConsumer } from '../../lambda-src/queue-consumer';
import { queueMessage } from '../../lambda-src/sources/queue-message';
import type { UsersTable, UserStore } from '../../lambda-src/user-store';
import { startDynamoDb, type Dynalite } from '../support/dynamo-db';
import { recordedEvent } from '../support/events';
import { startUserDirectory } from '../support/user-directory';
import { startUserService, tell, type UserService } from '../support/user-service';
import { ignoresConditions } from '../support/user-service-misbehaviour';

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

describe('a queue and a user service', () => {
  const queue = { url: 'http://127.0.0.1:9/111122223333/users', credentials };
  const recordOf = (each: string, agoMs: number) => {
    const observedAt = new Date(Date.now() - agoMs);
    return {
      messageId: `message-${each}`,
      receiptHandle: 'handle',
      body: queueMessage({ userPoolId: EVENT.userPoolId!, sub: each, observedAt, snapshot: { status: 'CONFIRMED', attributes: { sub: each, email: 'old@example.com' }, enabled: undefined, identities: [] } }),
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(observedAt.getTime()) },
    };
  };
  const consumer = (invocationMillis = 6_000) => {
    const consume = createQueueConsumer({ database: { userService: service.url, mayBeUnencrypted: true }, columns, queue, deadLetterQueue: queue, log: (line) => log.push(line) });
    return (records: Array<ReturnType<typeof recordOf>>) => consume({ Records: records }, { getRemainingTimeInMillis: () => invocationMillis });
  };
  const outcomes = () => log.flatMap(({ outcome }) => (outcome ? [outcome] : []));

  afterEach(() => {
    service.instead = undefined;
  });

  test('end with the newer state, also where the service does not know If-None-Match', async () => {
    const directory = await startUserDirectory({ userPoolId: EVENT.userPoolId! });
    process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = directory.url;
    directory.put({ sub: 'ada', username: 'ada', attributes: { email: 'new@example.com' } });
    service.users.set('ada', { 'id': 'ada', 'e-mail': 'new@example.com' });
    service.instead = ignoresConditions;
    const consume = consumer();
    expect((await consume([recordOf('ada', 20_000)])).batchItemFailures).toHaveLength(1);
    expect([service.users.get('ada')?.['e-mail'], outcomes()]).toEqual(['old@example.com', ['waiting']]);
    expect((await consume([recordOf('ada', 130_000)])).batchItemFailures).toEqual([]);
    expect(service.users.get('ada')?.['e-mail']).toBe('new@example.com');
    await directory.stop();
  });

  test('write the other 300 where five are never answered for', async () => {
    service.instead = ({ request, response, take }) => {
      if (!request.path.includes('/hanging')) tell(response, take());
    };
    const records = Array.from({ length: 305 }, (_, index) => recordOf(index < 5 ? `hanging-${index}` : `user-${index}`, 0));
    expect((await consumer()(records)).batchItemFailures).toHaveLength(5);
    expect(service.users.size).toBe(300);
    expect(outcomes().filter((outcome) => outcome === 'returned')).toHaveLength(5);
  });
});

test.each<[string, UserDatabaseOptions, RegExp]>([
  ['a table of DynamoDB without a name', { dynamoDbTable: undefined }, /^got "" as name of a DynamoDB table/],
  ['a user service without a URL', { userService: undefined }, /^got no URL of the user service/],
  ['a user service by plain HTTP', { userService: 'http://users.example.com' }, /^got an http: URL/],
  ['a method that is none of the two', { userService: 'https://users.example.com', method: 'PATCH' as never }, /^got method "PATCH" for the user service/],
  ['a login without its token', { userService: 'https://users.example.com', login: { token: '' } }, /empty token/],
  ['null', null as never, /^the options have no database/],
  ['two ways at once', { dynamoDbTable: 'users', userService: 'https://users.example.com' } as never, /^the options' database has dynamoDbTable and userService, which are different places/],
  ['a key that two users may share', { userService: 'https://users.example.com', key: 'e-mail' }, /^key column "e-mail" is mapped from email/],
  ['what is no object', 'https://users.example.com' as never, /^the options have no database/],
])('%s does not keep the function from loading, and is named', async (_case, database, message) => {
  expect(await signUp(database)).toMatchObject({ outcome: 'unrecorded', error: { name: 'ConfigurationError', message: expect.stringMatching(message) } });
});

test('a store that tells in the last moment what it did is listened to', async () => {
  const table: UsersTable = {
    names: 'plain',
    store: () => {
      const write: UserStore['write'] = async (rows, deadline) => {
        await sleep(deadline.remaining() + 30);
        return rows.map((_row, place) => (place === 0 ? 'written' : new UserStoreError('transient', 'was not reached')));
      };
      return { write, insert: write };
    },
  };
  const queue = { url: 'http://127.0.0.1:9/111122223333/users', credentials };
  const records = ['ada', 'bob'].map((each) => ({
    messageId: each,
    receiptHandle: each,
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
    body: queueMessage({ userPoolId: EVENT.userPoolId!, sub: each, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub: each }, enabled: undefined, identities: [] } }),
  }));
  const consume = queueConsumer({ columns, queue, deadLetterQueue: queue, log: (line) => log.push(line) }, () => table);
  expect(await consume({ Records: records }, { getRemainingTimeInMillis: () => 1_500 })).toEqual({ batchItemFailures: [{ itemIdentifier: 'bob' }] });
});
