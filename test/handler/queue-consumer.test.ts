import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { LogLine } from '../../lambda-src/delivery/log';
import { createQueueConsumer, type QueueConsumerOptions } from '../../lambda-src/handler';
import type { QueueAnswer, QueueRecord } from '../../lambda-src/sources/queue-event';
import { queueMessage, type QueuedUser } from '../../lambda-src/sources/queue-message';
import { useDatabase } from '../support/database';
import { startSqs, type QueueMessage, type QueueWithDeadLetters, type Sqs } from '../support/sqs';
import { startUserDirectory, type UserDirectory } from '../support/user-directory';
import { startUserService } from '../support/user-service';
import { answers } from '../support/user-service-misbehaviour';

const POOL = 'eu-west-1_Example01';
const ADA = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const BOB = '9b2d5a10-77aa-4c1c-9c57-4b1f0a1d2e3f';
const MINUTE = 60_000;
const database = useDatabase();
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let directory: UserDirectory;
let log: LogLine[];

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.stop());
beforeEach(async () => {
  log = [];
  queue = await sqs.queueWithDeadLetters(`users-${Math.random()}`.replace('.', ''));
  directory = await startUserDirectory({ userPoolId: POOL });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url, AWS_ENDPOINT_URL_SQS: sqs.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
  });
  await database.client.query('truncate public.users');
});
afterEach(async () => {
  await sqs.behave();
  await directory.stop();
});

/** @param milliseconds that the invocation may take */
function consumerWith(options: Partial<QueueConsumerOptions> = {}, milliseconds = 15_000) {
  const consume = createQueueConsumer({
    database: { connectionString: database.connectionString(), table: 'public.users' },
    columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'clientMetadata:handle' },
    queue: { url: queue.url },
    deadLetterQueue: { url: queue.deadLetters.url },
    readsPerSecond: 1_000,
    log: (line) => log.push(line),
    ...options,
  });
  return (...records: readonly QueueRecord[]): Promise<QueueAnswer> => consume({ Records: records }, { functionName: 'consumer', getRemainingTimeInMillis: () => milliseconds });
}

/** A user as the trigger sends them. */
function waiting(sub: string, { agoMs = 0, ...more }: Partial<QueuedUser> & { readonly agoMs?: number } = {}): QueuedUser {
  return {
    userPoolId: POOL, sub, username: `name-of-${sub}`, observedAt: new Date(Date.now() - agoMs), snapshot: { status: 'CONFIRMED', attributes: { sub, email: `${sub}@example.com` }, enabled: undefined, identities: [] }, ...more,
  };
}

let lastId = 0;
function record(message: QueuedUser | string, attributes: QueueRecord['attributes'] = {}): QueueRecord {
  lastId += 1;
  const sentAt = typeof message === 'string' ? Date.now() : message.observedAt.getTime();
  return {
    messageId: `message-${lastId}`,
    receiptHandle: `handle-${lastId}`,
    body: typeof message === 'string' ? message : queueMessage(message),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(sentAt), SenderId: 'AROAEXAMPLE:trigger', ...attributes },
  };
}

const emails = async () => Object.fromEntries((await database.rows('select cognito_user_id, email from public.users')).map(({ cognito_user_id, email }) => [cognito_user_id, email]));
const outcomes = () => log.filter(({ outcome }) => outcome).map(({ outcome }) => outcome);
const nothingComesAgain = { batchItemFailures: [] };
const comesAgain = (...records: readonly QueueRecord[]) => ({ batchItemFailures: records.map(({ messageId }) => ({ itemIdentifier: messageId })) });
const deadLetters = async () => (await sqs.messages(queue.deadLetters)).visible;
const reasonsOf = ({ messageAttributes }: QueueMessage) => Object.fromEntries(Object.entries(messageAttributes).map(([name, { StringValue }]) => [name, StringValue]));

describe('a fresh user', () => {
  test('is written as the message has them, without asking Cognito', async () => {
    expect(await consumerWith()(record(waiting(ADA)), record(waiting(BOB)))).toEqual(nothingComesAgain);
    expect(await emails()).toEqual({ [ADA]: `${ADA}@example.com`, [BOB]: `${BOB}@example.com` });
    expect(directory.calls.ListUsers).toBe(0);
  });

  test('is told and counted, one line each and one for the batch', async () => {
    await consumerWith()(record(waiting(ADA, { agoMs: 5_000 })), record('?'));
    expect(log).toMatchObject([
      { level: 'ERROR', outcome: 'deadLettered', messageId: expect.any(String) },
      { level: 'INFO', sub: ADA, outcome: 'written', milliseconds: expect.any(Number) },
      { level: 'INFO', message: 'batch done', FunctionName: 'consumer', written: 1, deadLettered: 1 },
    ]);
    expect(log.at(-1)).not.toHaveProperty('oldestSeconds');
  });

  test('twice in one batch: the newest observation is written, and the older message needs no row of its own', async () => {
    const older = waiting(ADA, { agoMs: 5_000, clientMetadata: { handle: 'ada' } });
    const newer = waiting(ADA, { snapshot: { attributes: { sub: ADA, email: 'new@example.com' } } as never });
    for (const batch of [[older, newer], [newer, older]]) {
      await database.client.query('truncate public.users');
      expect(await consumerWith()(...batch.map((message) => record(message)))).toEqual(nothingComesAgain);
      expect(await database.rows('select email, handle from public.users')).toEqual([{ email: 'new@example.com', handle: 'ada' }]);
    }
  });
});

describe('is read again from Cognito', () => {
  beforeEach(() => directory.put({ sub: ADA, username: `name-of-${ADA}`, attributes: { email: 'now@example.com' } }));

  test.each<[string, QueuedUser, QueueRecord['attributes'], Partial<QueueConsumerOptions>]>([
    ['a user who waited for two minutes', waiting(ADA, { agoMs: 2 * MINUTE }), {}, {}],
    ['a user whom somebody else sent', waiting(ADA, { agoMs: 2 * MINUTE }), { SenderId: 'AROAEVIL:trigger' }, { trustedSender: 'AROAEXAMPLE' }],
    ['a user sent by a role whose id only begins like the trigger\'s', waiting(ADA, { agoMs: 2 * MINUTE }), { SenderId: 'AROAEXAMPLE2:trigger' }, { trustedSender: 'AROAEXAMPLE' }],
    ['a user who was seen in the future', waiting(ADA, { agoMs: -MINUTE }), { SentTimestamp: String(Date.now() - 2 * MINUTE) }, {}],
    ['a user of a nudge that is old enough', waiting(ADA, { agoMs: 2 * MINUTE, snapshot: undefined }), {}, {}],
    ['a user who was missing', waiting(ADA, { missingSince: new Date() }), {}, {}],
  ])('%s', async (_case, message, attributes, options) => {
    expect(await consumerWith(options)(record(message, attributes))).toEqual(nothingComesAgain);
    expect([await emails(), directory.calls.ListUsers]).toEqual([{ [ADA]: 'now@example.com' }, 1]);
  });

  test('and not a fresh user of the trigger itself', async () => {
    await consumerWith({ trustedSender: 'AROAEXAMPLE' })(record(waiting(ADA)));
    expect([await emails(), directory.calls.ListUsers]).toEqual([{ [ADA]: `${ADA}@example.com` }, 0]);
  });

  test('keeping the client metadata, which Cognito does not', async () => {
    await consumerWith()(record(waiting(ADA, { agoMs: 2 * MINUTE, clientMetadata: { handle: 'ada' } })));
    expect(await database.rows('select email, handle from public.users')).toEqual([{ email: 'now@example.com', handle: 'ada' }]);
  });

  test('status, whether enabled, and the identity provider come from there, too', async () => {
    directory.put({ sub: ADA, username: 'Google_1', status: 'EXTERNAL_PROVIDER', enabled: false, attributes: { identities: '[{"userId":"1","providerName":"Google"}]' } });
    await database.client.query('create table if not exists public.wide (sub uuid primary key, status text, enabled boolean, provider text, username text)');
    await consumerWith({
      database: { connectionString: database.connectionString(), table: 'public.wide' },
      columns: { sub: 'sub', status: 'status', enabled: 'enabled', provider: 'identityProvider', username: 'username' },
    })(record(waiting(ADA, { agoMs: 2 * MINUTE })));
    expect(await database.rows('select * from public.wide')).toEqual([{ sub: ADA, status: 'EXTERNAL_PROVIDER', enabled: false, provider: 'Google', username: 'Google_1' }]);
  });

  test.each<[string, QueuedUser, QueueRecord['attributes'], Partial<QueueConsumerOptions>]>([
    ['a nudge', waiting(ADA, { agoMs: 10_000, snapshot: undefined }), {}, {}],
    ['a user who waited for more than a minute', waiting(ADA, { agoMs: MINUTE }), {}, {}],
    ['a user whom somebody else sent', waiting(ADA), { SenderId: 'AROAEVIL:trigger' }, { trustedSender: 'AROAEXAMPLE' }],
  ])('%s waits for the rest of two minutes, so that no older snapshot can be written after it', async (_case, message, attributes, options) => {
    const early = record(message, attributes);
    expect(await consumerWith(options)(early)).toEqual(comesAgain(early));
    expect([await emails(), directory.calls.ListUsers, outcomes()]).toEqual([{}, 0, ['waiting']]);
  });

  test('and comes again where Cognito throttles, is down, or the time is up', async () => {
    const message = record(waiting(ADA, { agoMs: 2 * MINUTE }));
    directory.throttle(100);
    expect(await consumerWith()(message)).toEqual(comesAgain(message));
    process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = 'http://127.0.0.1:1';
    expect(await consumerWith()(message)).toEqual(comesAgain(message));
    process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = directory.url;
    directory.throttle(0);
    directory.isBlackHole = true;
    expect(await consumerWith({}, 4_000)(message)).toEqual(comesAgain(message));
    expect(log.filter(({ outcome }) => outcome).map(({ outcome, error }) => [outcome, error?.code])).toEqual([['returned', 'TooManyRequestsException'], ['returned', 'ECONNREFUSED'], ['returned', 'ETIMEDOUT']]);
  });
});

describe('a user whom Cognito does not find', () => {
  test('is asked for again some minutes later', async () => {
    expect(await consumerWith()(record(waiting(ADA, { agoMs: 2 * MINUTE, clientMetadata: { handle: 'ada' } })))).toEqual(nothingComesAgain);
    expect([await emails(), outcomes()]).toEqual([{}, ['missing']]);
    const { delayed } = await sqs.messages(queue);
    expect(delayed.map(({ body }) => JSON.parse(body))).toMatchObject([{ version: 1, sub: ADA, missingSince: expect.any(String), clientMetadata: { handle: 'ada' } }]);
  });

  test('is gone where that is still so, and the name is unknown, too', async () => {
    const message = waiting(ADA, { agoMs: 10 * MINUTE, missingSince: new Date(Date.now() - 5 * MINUTE) });
    expect(await consumerWith()(record(message))).toEqual(nothingComesAgain);
    expect([await emails(), outcomes(), directory.calls]).toEqual([{}, ['gone'], { ListUsers: 1, AdminGetUser: 1 }]);
    expect(await sqs.messages(queue)).toMatchObject({ visible: [], delayed: [] });
  });

  test('is gone where somebody else has the name now', async () => {
    directory.put({ sub: BOB, username: `name-of-${ADA}`, attributes: {} });
    await consumerWith()(record(waiting(ADA, { agoMs: 10 * MINUTE, missingSince: new Date(Date.now() - 5 * MINUTE) })));
    expect([await emails(), outcomes()]).toEqual([{}, ['gone']]);
  });

  test('is written where only the list is behind', async () => {
    directory.put({ sub: ADA, username: `name-of-${ADA}`, attributes: { email: 'late@example.com' } });
    directory.lagMs = MINUTE;
    await consumerWith()(record(waiting(ADA, { agoMs: 10 * MINUTE, missingSince: new Date(Date.now() - 5 * MINUTE) })));
    expect([await emails(), outcomes()]).toEqual([{ [ADA]: 'late@example.com' }, ['written']]);
  });

  test('is not gone yet where the two answers came within a moment', async () => {
    await consumerWith()(record(waiting(ADA, { agoMs: 10 * MINUTE, missingSince: new Date(Date.now() - 1_000) })));
    expect([outcomes(), directory.calls.AdminGetUser]).toEqual([['missing'], 0]);
  });

  test('stays in the queue where the copy could not be sent', async () => {
    await sqs.behave({ refusal: { code: 'AccessDeniedException', actions: ['SendMessage'] } });
    const message = record(waiting(ADA, { agoMs: 2 * MINUTE }));
    expect(await consumerWith()(message)).toEqual(comesAgain(message));
  });
});

describe('to the dead letters at once goes', () => {
  test.each<[string, string, RegExp]>([
    ['what is no JSON', 'ada@example.com', /^the message is no JSON/],
    ['a message of no version', '{"sub":"ada@example.com"}', /^the message has no version/],
    ['a message of a later version', JSON.stringify({ ...waiting(ADA), version: 2 }), /^the message has version 2: expected version 1/],
    ['a message of a pool that is none, and whose host would be', JSON.stringify({ version: 1, ...waiting(ADA, { userPoolId: 'x@127.0.0.1:1/_x' }) }), /^the message has a userPoolId that is none/],
    ['a message without a user', JSON.stringify({ version: 1, userPoolId: POOL }), /^the message lacks userPoolId, sub or observedAt/],
    ['a message with attributes that are none', JSON.stringify({ version: 1, ...waiting(ADA), snapshot: 1 }), /^the message has attributes or client metadata that are no object/],
    ['a list', '[]', /^the message has no version/],
    ['nothing', 'null', /^the message has no version/],
  ])('%s', async (_case, body, reason) => {
    expect(await consumerWith()(record(body), record(waiting(BOB)))).toEqual(nothingComesAgain);
    const [letter] = await deadLetters();
    expect(letter.body).toBe(body);
    expect(reasonsOf(letter)).toEqual({ failure: 'permanent', error: 'QueueMessageError', reason: expect.stringMatching(reason) });
    expect(JSON.stringify([letter.messageAttributes, log])).not.toContain('ada@example.com');
    expect(await emails()).toEqual({ [BOB]: `${BOB}@example.com` });
  });

  test('a user of another pool, where the consumer knows its own', async () => {
    await consumerWith({ userPoolId: POOL })(record(waiting(ADA, { userPoolId: 'eu-west-1_Foreign01' })), record(waiting(BOB)));
    expect([await emails(), (await deadLetters()).map(reasonsOf)]).toMatchObject([{ [BOB]: expect.anything() }, [{ reason: expect.stringContaining('another user pool') }]]);
  });

  test('a user of a pool that the role may not read, where it does not, after an hour', async () => {
    const message = record(waiting(ADA, { userPoolId: 'eu-west-1_Foreign01', agoMs: 2 * MINUTE }));
    expect(await consumerWith()(message)).toEqual(comesAgain(message));
    expect(await consumerWith()(record(waiting(ADA, { userPoolId: 'eu-west-1_Foreign01', agoMs: 61 * MINUTE })))).toEqual(nothingComesAgain);
    expect((await deadLetters()).map(reasonsOf)).toMatchObject([{ reason: expect.stringContaining('may not read the message\'s user pool') }]);
  });

  test('but not a user of its own pool where the role lacks the permission: that can be mended', async () => {
    const message = record(waiting(ADA, { userPoolId: 'eu-west-1_Foreign01', agoMs: 2 * MINUTE }));
    expect(await consumerWith({ userPoolId: 'eu-west-1_Foreign01' })(message)).toEqual(comesAgain(message));
    expect(await deadLetters()).toEqual([]);
  });

  test('a value that does not fit its kind', async () => {
    await consumerWith({ columns: { cognito_user_id: 'sub', email: { from: 'email', kind: 'integer' } } })(record(waiting(ADA)));
    expect((await deadLetters()).map(reasonsOf)).toEqual([{ failure: 'permanent', error: 'ColumnValueError', reason: expect.stringContaining('is not of kind integer'), column: 'email' }]);
  });

  test('a row that the table refuses, and the others are written', async () => {
    await database.client.query('alter table public.users add constraint no_bob check (email not like \'9b2d%\')');
    try {
      expect(await consumerWith()(record(waiting(ADA)), record(waiting(BOB)))).toEqual(nothingComesAgain);
    } finally {
      await database.client.query('alter table public.users drop constraint no_bob');
    }
    expect(await emails()).toEqual({ [ADA]: `${ADA}@example.com` });
    expect((await deadLetters()).map((letter) => [JSON.parse(letter.body).sub, reasonsOf(letter)])).toEqual([[BOB, expect.objectContaining({ failure: 'permanent', code: '23514', constraint: 'no_bob' })]]);
  });

  test('who has waited for as long as SQS nearly keeps a message: it would leave no dead letter', async () => {
    const down = { database: { connectionString: 'postgres://a:b@127.0.0.1:1/d', table: 'public.users' } };
    directory.put({ sub: ADA, username: 'ada', attributes: {} });
    const message = record(waiting(ADA, { agoMs: 83 * 60 * MINUTE }));
    expect(await consumerWith(down)(message)).toEqual(comesAgain(message));
    expect(await consumerWith(down)(record(waiting(ADA, { agoMs: 85 * 60 * MINUTE })))).toEqual(nothingComesAgain);
    expect((await deadLetters()).map(reasonsOf)).toMatchObject([{ failure: 'transient', code: 'ECONNREFUSED' }]);
  });

  test('or it stays in the queue where the dead letters do not take it', async () => {
    await sqs.behave({ refusal: { code: 'AccessDeniedException', actions: ['SendMessage'] } });
    const unreadable = record('?');
    expect(await consumerWith()(unreadable)).toEqual(comesAgain(unreadable));
  });
});

test('a change that only Cognito knows is read, though a fresh user comes in the same batch', async () => {
  await database.client.query('create table if not exists public.enablement (sub uuid primary key, enabled boolean, handle text)');
  directory.put({ sub: ADA, username: 'ada', enabled: false, attributes: {} });
  const consume = consumerWith({
    database: { connectionString: database.connectionString(), table: 'public.enablement' }, columns: { sub: 'sub', enabled: 'enabled', handle: 'clientMetadata:handle' },
  });
  const nudge = waiting(ADA, { agoMs: 3 * MINUTE, snapshot: undefined, clientMetadata: { handle: 'ada' } });
  expect(await consume(record(nudge), record(waiting(ADA)))).toEqual(nothingComesAgain);
  expect(await database.rows('select * from public.enablement')).toEqual([{ sub: ADA, enabled: false, handle: 'ada' }]);
});

describe('many who waited', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => {
    const sub = `${ADA.slice(0, -4)}${String(index).padStart(4, '0')}`;
    directory.put({ sub, username: sub, attributes: { email: 'now@example.com' } });
    return waiting(sub, { agoMs: 5 * MINUTE });
  });

  test('are read no faster than Cognito\'s quota allows; those who were read are written, and the others come again soon', async () => {
    const batch = many(300).map((message) => record(message));
    const begin = performance.now();
    const { batchItemFailures } = await consumerWith({ readsPerSecond: 50 }, 4_000)(...batch, record(waiting(BOB)));
    const seconds = (performance.now() - begin) / 1000;
    expect(seconds).toBeLessThan(4);
    expect(directory.calls.ListUsers).toBeLessThanOrEqual(1 + 50 * seconds);
    const written = Object.keys(await emails());
    expect(written).toContain(BOB);
    expect(written.length).toBeGreaterThan(50);
    const outcomeOf = new Map(log.map(({ sub, outcome }) => [sub, outcome]));
    const settled = [...outcomeOf].flatMap(([sub, outcome]) => (outcome === 'written' ? [sub] : []));
    expect(written).toEqual(expect.arrayContaining(settled));
    expect(batchItemFailures).toHaveLength(301 - settled.length);
    expect(log.filter(({ outcome }) => outcome === 'returned' || outcome === 'waiting')).toHaveLength(301 - settled.length);
    // Whoever is being read or written when the time ends comes again as a failure, even where the server committed after all.
    for (const sub of written) expect(['written', 'returned']).toContain(outcomeOf.get(sub));
    expect(log.filter(({ outcome, error }) => outcome === 'returned' && error?.failure !== 'transient')).toEqual([]);
    expect([...outcomeOf.values()]).toContain('waiting');
    expect(log.at(-1)).toMatchObject({ message: 'batch done' });
  });

  test('use up no more of that quota than shows that the table takes nobody', async () => {
    const batch = many(300).map((message) => record(message));
    expect((await consumerWith({ database: { connectionString: 'postgres://a:b@127.0.0.1:1/d', table: 'public.users' } })(...batch)).batchItemFailures).toHaveLength(300);
    expect(directory.calls.ListUsers).toBeLessThanOrEqual(50);
  });

  test('are not read, either, for a table that asks to be left alone for longer than there is time', async () => {
    const service = await startUserService();
    // It takes one before it is tired, so that not everybody fails.
    service.instead = (exchange) => (service.requests.length === 1 ? void exchange.response.writeHead(exchange.take().status).end() : answers(429, { 'retry-after': '600' })(exchange));
    const batch = many(120).map((message) => record(message));
    const consume = consumerWith({ database: { userService: service.url, mayBeUnencrypted: true }, columns: { id: 'sub', email: 'email' } });
    const { batchItemFailures } = await consume(...batch);
    await service.stop();
    expect(directory.calls.ListUsers).toBe(50);
    expect(outcomes().sort()).toEqual([...Array(119).fill('returned'), 'written']);
    expect(batchItemFailures).toHaveLength(119);
  });

  test('do not hold up those who are fresh', async () => {
    directory.isBlackHole = true;
    const [old] = many(1).map((message) => record(message));
    expect(await consumerWith({}, 4_000)(old, record(waiting(BOB)))).toEqual(comesAgain(old));
    expect(await emails()).toEqual({ [BOB]: `${BOB}@example.com` });
  });
});

describe('a row that may be newer', () => {
  test('is not overwritten by a fresh user, who is read from Cognito when that can be', async () => {
    await database.client.query('insert into public.users (cognito_user_id, email) values ($1, $2)', [ADA, 'newer@example.com']);
    const message = record(waiting(ADA, { agoMs: 30_000 }));
    expect(await consumerWith()(message)).toEqual(comesAgain(message));
    expect([await emails(), outcomes(), directory.calls.ListUsers]).toEqual([{ [ADA]: 'newer@example.com' }, ['waiting'], 0]);
  });

  test('by its version is not overwritten by what Cognito tells, and Cognito is asked again', async () => {
    await database.client.query('create table if not exists public.versions (sub uuid primary key, email text, seen timestamptz)');
    await database.client.query('insert into public.versions values ($1, $2, now())', [ADA, 'newer@example.com']);
    directory.put({ sub: ADA, username: 'ada', attributes: { email: 'now@example.com' } });
    const consume = consumerWith({ database: { connectionString: database.connectionString(), table: 'public.versions' }, columns: { sub: 'sub', email: 'email', seen: 'observedAt' } });
    const message = record(waiting(ADA, { agoMs: 5 * MINUTE }));
    expect(await consume(message)).toEqual(comesAgain(message));
    await database.client.query('update public.versions set seen = now() - interval \'1 minute\'');
    expect(await consume(message)).toEqual(nothingComesAgain);
    expect(await database.rows('select email from public.versions')).toEqual([{ email: 'now@example.com' }]);
  });

  test('ends with the dead letters where it says so for as long as SQS nearly keeps a message', async () => {
    await database.client.query('create table if not exists public.futures (sub uuid primary key, email text, seen timestamptz)');
    await database.client.query('insert into public.futures values ($1, $2, now() + interval \'1 year\')', [ADA, 'old@example.com']);
    directory.put({ sub: ADA, username: 'ada', attributes: { email: 'now@example.com' } });
    const consume = consumerWith({ database: { connectionString: database.connectionString(), table: 'public.futures' }, columns: { sub: 'sub', email: 'email', seen: 'observedAt' } });
    const message = record(waiting(ADA, { agoMs: 83 * 60 * MINUTE }));
    expect(await consume(message)).toEqual(comesAgain(message));
    expect(await consume(record(waiting(ADA, { agoMs: 85 * 60 * MINUTE })))).toEqual(nothingComesAgain);
    expect((await deadLetters()).map(reasonsOf)).toMatchObject([{ failure: 'transient', reason: expect.stringMatching(/^what is there says each time that it is newer/) }]);
  });
});

test('a dead letter has what only an older message of the user\'s had, which is done', async () => {
  const first = record(waiting(BOB, { agoMs: 20_000, clientMetadata: { handle: 'bob' } }));
  const second = record(waiting(BOB, { agoMs: 5_000 }));
  const consume = consumerWith({ columns: { cognito_user_id: 'sub', email: { from: 'email', kind: 'integer' }, handle: 'clientMetadata:handle' } });
  expect(await consume(first, second)).toEqual(nothingComesAgain);
  expect((await deadLetters()).map(({ body }) => JSON.parse(body).clientMetadata)).toEqual([{ handle: 'bob' }]);
});

test('a function with Lambda\'s shortest default timeout writes, too', async () => {
  const consume = createQueueConsumer({
    database: { connectionString: database.connectionString(), table: 'public.users' }, columns: { cognito_user_id: 'sub', email: 'email' }, queue: { url: queue.url }, deadLetterQueue: { url: queue.deadLetters.url }, log: () => {},
  });
  expect(await consume({ Records: [record(waiting(ADA))] }, { getRemainingTimeInMillis: () => 3_000 })).toEqual(nothingComesAgain);
  expect(await emails()).toEqual({ [ADA]: `${ADA}@example.com` });
});

test('somebody else\'s message does not make a genuine user gone', async () => {
  const genuine = record(waiting(ADA, { agoMs: 5 * MINUTE }));
  const forged = record(waiting(ADA, { agoMs: 5 * MINUTE, missingSince: new Date(0), username: 'nobody', observedAt: new Date(Date.now() + 1e9) }), { SentTimestamp: String(Date.now() - 3 * MINUTE), SenderId: 'AIDAEVIL' });
  expect(await consumerWith({ trustedSender: 'AROAEXAMPLE' })(genuine, forged)).toEqual(nothingComesAgain);
  expect(outcomes().sort()).toEqual(['gone', 'missing']);
  expect((await sqs.messages(queue)).delayed).toHaveLength(1);
});

describe('comes again', () => {
  test.each<[string, Partial<QueueConsumerOptions>, string]>([
    ['where the database is down', { database: { connectionString: 'postgres://a:b@127.0.0.1:1/d', table: 'public.users' } }, 'transient'],
    ['where the table is missing', { database: { connectionString: 'later', table: 'public.nope' } }, 'misconfigured'],
    ['where the mapping is wrong', { columns: { cognito_user_id: 'sub', email: 'e-mail' } }, 'misconfigured'],
  ])('each user %s', async (_case, options, failure) => {
    if (options.database && 'connectionString' in options.database && options.database.connectionString === 'later') options = { database: { ...options.database, connectionString: database.connectionString() } };
    const batch = [record(waiting(ADA, { agoMs: 30_000 })), record(waiting(BOB))];
    expect(await consumerWith(options)(...batch)).toEqual(comesAgain(...batch));
    expect(log.filter(({ outcome }) => outcome).map(({ level, outcome, error }) => [level, outcome, error?.failure])).toEqual([['WARN', 'returned', failure], ['WARN', 'returned', failure]]);
    expect(log.at(-1)).toMatchObject({ message: 'batch done', returned: 2, oldestSeconds: 30 });
  });

  test('after a while that grows to 15 minutes', async () => {
    const seconds: number[] = [];
    const { url } = queue;
    const consume = consumerWith({ columns: { cognito_user_id: 'sub', email: 'e-mail' } });
    await sqs.client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: queueMessage(waiting(ADA)) }));
    for (const [receiveCount, most] of [[1, 5], [2, 10], [4, 40], [9, 900], [400, 900]] as const) {
      const { Messages: [message] = [] } = await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: url }));
      await consume({ ...record(message.Body!, { ApproximateReceiveCount: String(receiveCount) }), receiptHandle: message.ReceiptHandle! });
      // Visible again after the most that was asked for, and not before three quarters of it.
      await sqs.advance(most * 750 - 1_000);
      const { Attributes } = await sqs.client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] }));
      seconds.push(Number(Attributes!.ApproximateNumberOfMessagesNotVisible));
      await sqs.advance(most * 250 + 2_000);
    }
    expect(seconds).toEqual([1, 1, 1, 1, 1]);
    expect((await sqs.client.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages).toHaveLength(1);
  });
});
