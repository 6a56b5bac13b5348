import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { column, insert, sub, storeOf, version, write, at } from './stores';
import type { UserStoreError } from '../../../lambda-src/errors';
import { dynamoDbTable } from '../../../lambda-src/stores/dynamo-db/dynamo-db-table';
import { startDynamoDb, type Dynalite } from '../../support/dynamo-db';
import { startHttpServer } from '../../support/http-server';

const CANARY = 'Zebedee-0a1b';
const all = [sub('id'), column('email'), column('campaign', { write: 'onInsert' }), version('seen_at')];
const row = (id: string, second = 1) => ({ id, email: `${CANARY}@example.com`, campaign: CANARY, seen_at: at(second) });
const rows = (count: number) => Array.from({ length: count }, (_, index) => row(`user-${index}`));

let dynamoDb: Dynalite;
let tables = 0;
let table: string;
beforeAll(async () => { dynamoDb = await startDynamoDb(); });
afterAll(() => dynamoDb?.stop());
beforeEach(async () => {
  dynamoDb.behave();
  await dynamoDb.table(table = `users-${tables += 1}`, { key: { id: 'S' } });
  dynamoDb.requests.length = 0;
});

const store = () => storeOf(dynamoDb, table, all);
const failureOf = async (promise: Promise<unknown>) => promise.then(() => undefined, (error: UserStoreError) => error);

test('1,000 rows are written in one call, over no more connections than rows at a time', async () => {
  const before = dynamoDb.connections;
  expect(await write(store(), rows(1_000), 30_000)).toEqual(Array(1_000).fill('written'));
  expect(await dynamoDb.items(table)).toHaveLength(1_000);
  expect(dynamoDb.requests.filter((request) => request === 'UpdateItem')).toHaveLength(1_000);
  expect(dynamoDb.connections - before).toBeLessThanOrEqual(16 + 1); // one is the test's own
  dynamoDb.requests.length = 0;
  const again = dynamoDb.connections;
  expect(await write(store(), rows(20))).toEqual(Array(20).fill('unchanged'));
  expect(dynamoDb.connections - again).toBeGreaterThan(0); // none is kept from one call to the next
});

describe('DynamoDB is asked again within the deadline', () => {
  test.each([
    ['ProvisionedThroughputExceededException', 400], ['ThrottlingException', 400], ['RequestLimitExceeded', 400],
    ['TransactionConflictException', 400], ['ReplicatedWriteConflictException', 400], ['InternalServerError', 500], ['ServiceUnavailable', 503],
  ])('after %s', async (code, status) => {
    dynamoDb.behave({ refusal: { code, status, times: 2 } });
    expect(await write(store(), [row('ada')])).toEqual(['written']);
    expect(dynamoDb.requests).toHaveLength(3);
  });

  test('after an answer that got lost, which it may have acted upon', async () => {
    dynamoDb.behave({ lostAnswers: 1 });
    const [result] = await write(store(), [row('ada')]);
    expect(['written', 'unchanged']).toContain(result);
    expect(await dynamoDb.items(table)).toEqual([expect.objectContaining({ campaign: { S: CANARY } })]);
  });

  test('and no longer', async () => {
    dynamoDb.behave({ refusal: { code: 'ThrottlingException' } });
    const startedAt = Date.now();
    expect(await write(store(), [row('ada')], 400)).toMatchObject([{ failure: 'transient', code: 'ThrottlingException' }]);
    expect(Date.now() - startedAt).toBeLessThan(600);
    dynamoDb.behave({ delayMs: 5_000 });
    expect(await write(store(), [row('ada')], 300)).toMatchObject([{ failure: 'transient', code: 'ETIMEDOUT' }]);
    expect(Date.now() - startedAt).toBeLessThan(1_200);
  });
});

describe('what no row can help is thrown', () => {
  test.each([
    ['AccessDeniedException', 400, 'misconfigured', /check that the role may call dynamodb:UpdateItem/],
    ['UnrecognizedClientException', 400, 'misconfigured', /check the Region/],
    ['ResourceNotFoundException', 400, 'misconfigured', /check its name and Region/],
    ['SomethingNewException', 400, 'transient', /DynamoDB failed/],
  ] as const)('%s, and no more than a round of others is begun', async (code, status, failure, message) => {
    dynamoDb.behave({ refusal: { code, status, message: `told of ${CANARY}` } });
    const error = await failureOf(write(store(), rows(200)));
    expect(error).toMatchObject({ name: 'UserStoreError', failure, code, message: expect.stringMatching(message) });
    expect(dynamoDb.requests.length).toBeLessThanOrEqual(2 * 16);
    expect(JSON.stringify([error, error?.message, error?.stack])).not.toContain(CANARY);
  });

  test('nobody who listens', async () => {
    const closed = await startDynamoDb();
    await closed.stop();
    expect(await failureOf(write(storeOf(closed, table, all), rows(40), 500))).toMatchObject({ failure: 'transient', code: 'ECONNREFUSED' });
  });
});

describe('what one row is to blame for stays in its place', () => {
  test.each([
    ['ItemCollectionSizeLimitExceededException', 'anything', 'permanent', 1],
    ['TransactionConflictException', 'anything', 'transient', 5],
    ['ValidationException', 'Item size to update has exceeded the maximum allowed size', 'permanent', 1],
    ['ValidationException', 'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes', 'permanent', 1],
    ['ValidationException', 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: id', 'permanent', 1],
    ['ValidationException', 'Nesting Levels have exceeded supported limits', 'permanent', 1],
    ['ValidationException', 'The provided key element does not match the schema', 'misconfigured', 1],
    ['ValidationException', 'One or more parameter values were invalid: Type mismatch for key id expected: N actual: S', 'misconfigured', 1],
    ['ValidationException', 'The update expression attempted to update the secondary index key to unsupported type', 'misconfigured', 1],
    ['ValidationException', `what nobody foresaw of ${CANARY}`, 'misconfigured', 1],
    ['SerializationException', `what nobody foresaw of ${CANARY}`, 'transient', 1],
    ['AccessDeniedException', 'anything', 'misconfigured', 1],
  ] as const)('%s: %s', async (code, message, failure, atLeast) => {
    // The row that is written first.
    dynamoDb.behave({ refusal: { code, message, times: code === 'TransactionConflictException' ? 8 : 1 } });
    const [first, second] = await write(store(), [row('ada'), { ...row('ada'), seen_at: at(2) }]);
    expect([first, second]).toEqual([expect.objectContaining({ failure, code }), 'written']);
    expect(dynamoDb.requests.length).toBeGreaterThan(atLeast);
    expect(JSON.stringify([first, (first as Error).message, (first as Error).stack])).not.toContain(CANARY);
  });
});

test('what is too large for whoever is in between is this row\'s fault', async () => {
  dynamoDb.behave({ refusal: { code: 'RequestEntityTooLarge', status: 413, times: 1 } });
  expect(await write(store(), [row('ada'), { ...row('ada'), seen_at: at(2) }])).toEqual([expect.objectContaining({ failure: 'permanent' }), 'written']);
});

test('rows that DynamoDB never answers for come again, and the others are written', async () => {
  const way = await startHttpServer(async ({ headers }, body) => {
    if (body.includes('hanging')) await new Promise(() => undefined);
    const signed = Object.fromEntries(['authorization', 'content-type', 'x-amz-date', 'x-amz-target'].map((name) => [name, String(headers[name])]));
    const answer = await fetch(dynamoDb.url, { method: 'POST', headers: signed, body });
    return { status: answer.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: await answer.text() };
  });
  const hanging = Array.from({ length: 16 }, (_, index) => row(`hanging-${index}`));
  const results = await write(storeOf({ ...dynamoDb, url: way.url }, table, all), [...hanging, ...rows(60)], 6_000);
  expect(results.slice(0, 16)).toEqual(hanging.map(() => expect.objectContaining({ failure: 'transient', code: 'ETIMEDOUT' })));
  expect(results.slice(16)).toEqual(Array(60).fill('written'));
  await way.stop();
});

test('no error tells a value, be it of a key, a number, JSON or another user\'s item', async () => {
  await dynamoDb.table(`${table}-mail`, { key: { email: 'S' } });
  const typed = storeOf(dynamoDb, table, [sub('id'), column('n', { kind: 'numeric' }), column('j', { kind: 'json' }), column('big')]);
  const owned = storeOf(dynamoDb, `${table}-mail`, [column('email'), sub('owner')]);
  await write(owned, [{ email: CANARY, owner: 'ada' }]);
  const errors = [
    ...await write(typed, [{ id: `${CANARY}1`, n: `7${'7'.repeat(40)}` }, { id: `${CANARY}2`, j: `{"${CANARY}":1e999}` }, { id: `${CANARY}3`, big: CANARY.repeat(40_000) }, { id: '', big: CANARY }]),
    ...await write(owned, [{ email: CANARY, owner: `${CANARY}-eve` }]),
  ] as UserStoreError[];
  expect(errors.map(({ failure }) => failure)).toEqual(Array(5).fill('permanent'));
  expect(errors.flatMap((error) => [error.message, error.stack, JSON.stringify(error)]).join()).not.toMatch(new RegExp(`${CANARY}|7777|e999`, 'i'));
});

describe('an item that vanishes between two requests', () => {
  /** On the way to DynamoDB the item is made before an insert, and deleted before so many of the other requests. */
  async function withDeletions(times: number, work: (url: string) => Promise<void>): Promise<void> {
    let left = times;
    const way = await startHttpServer(async ({ headers }, body) => {
      const { ConditionExpression: condition } = JSON.parse(body) as { ConditionExpression: string };
      if (left > 0 && condition.startsWith('attribute_not_exists')) await dynamoDb.put(table, { id: { S: 'ada' } });
      if (condition.startsWith('attribute_exists') && left-- > 0) await dynamoDb.client.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: 'ada' } } }));
      const signed = Object.fromEntries(['authorization', 'content-type', 'x-amz-date', 'x-amz-target'].map((name) => [name, String(headers[name])]));
      const answer = await fetch(dynamoDb.url, { method: 'POST', headers: signed, body });
      return { status: answer.status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: await answer.text() };
    });
    try {
      await work(way.url);
    } finally {
      await way.stop();
    }
  }

  test('is made anew, with what is written on insert only', async () => {
    await dynamoDb.put(table, { id: { S: 'ada' } });
    await withDeletions(1, async (url) => {
      expect(await write(storeOf({ ...dynamoDb, url }, table, all), [row('ada')])).toEqual(['written']);
    });
    expect(await dynamoDb.items(table)).toEqual([expect.objectContaining({ campaign: { S: CANARY } })]);
  });

  test('again and again is left for later', async () => {
    await withDeletions(100, async (url) => {
      expect(await write(storeOf({ ...dynamoDb, url }, table, all), [row('ada')])).toMatchObject([{ failure: 'transient', message: expect.stringMatching(/came and went/) }]);
    });
  });
});

test('an insert asks once, whatever is there', async () => {
  await dynamoDb.put(table, { id: { S: 'ada' } });
  dynamoDb.requests.length = 0;
  expect(await insert(store(), [row('ada'), row('bob')])).toEqual(['unchanged', 'written']);
  expect(dynamoDb.requests).toHaveLength(2);
});

describe('a wrong configuration is told with the way out:', () => {
  const aws = { region: 'eu-west-1', credentials: () => ({ accessKeyId: '', secretAccessKey: '' }), endpointUrl: () => undefined };
  test.each([
    ['the name', { tableName: 'a/b' }, aws, ['id'], [sub('id')], 'got "a/b" as name of a DynamoDB table: expected its name, or its ARN'],
    ['no Region', { tableName: 'users' }, { ...aws, region: undefined }, ['id'], [sub('id')], 'got no Region of the DynamoDB table'],
    ['three keys', { tableName: 'users' }, aws, ['a', 'b', 'c'], ['a', 'b', 'c'].map((name) => column(name)), 'got key (a, b, c) of 3 attributes'],
    ['a key of truth', { tableName: 'users' }, aws, ['id', 'yes'], [sub('id'), column('yes', { kind: 'boolean' })], 'key column "yes" is of kind boolean'],
  ])('%s', (_case, plan, environment, key, columns, message) => {
    expect(() => dynamoDbTable(plan, environment).store(key, columns)).toThrow(message);
  });
});
