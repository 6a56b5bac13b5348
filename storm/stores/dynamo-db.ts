import { randomUUID } from 'node:crypto';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { type Failure, OneByOne, type Outcome } from './one-by-one';
import { type Item, startDynamoDb } from '../../test/support/dynamo-db';
import { type InterposedExchange, startHttpInterposer } from '../../test/support/http-interposer';
import { startTcpProxy } from '../../test/support/tcp-proxy';
import { REFUSED_NAME } from '../person';
import type { SimulatedClock } from '../simulated-clock';
import { ACCESS_KEY_IDS, type FunctionName, type StormStore, type StormTable, WRITERS } from '../store';
import type { StoredRow } from '../verdict';

const KEY = 'cognito_user_id';

/** Takes the users whose name the table refuses: DynamoDB refuses no text, but an item that is full. */
const FULL_TABLE = 'full';
const FULL_KEY: Item = { [KEY]: { S: 'full' } };
const MOST_BYTES = 400 * 1024;

const SIGNED_BY = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[^/]+\/dynamodb\/aws4_request/;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const FAILURES: Readonly<Record<string, Failure>> = {
  'ProvisionedThroughputExceededException': refusal('ProvisionedThroughputExceededException'),
  'ThrottlingException': refusal('ThrottlingException'),
  'AccessDeniedException': refusal('AccessDeniedException'),
  'InternalServerError': refusal('InternalServerError', 500),
  'InternalServerError, and is done': { ...refusal('InternalServerError', 500), isDone: true },
};

/** dynalite with the tables, behind what watches them. */
export async function startDynamoDbStorm(tables: readonly StormTable[], clock: SimulatedClock): Promise<StormStore> {
  const dynamoDb = await startDynamoDb();
  for (const name of [...tables.map((table) => table.name), FULL_TABLE]) await dynamoDb.table(name, { key: { [KEY]: 'S' } });
  await dynamoDb.put(FULL_TABLE, { ...FULL_KEY, application: { S: 'x'.repeat(MOST_BYTES - 50) } });
  const requests = new OneByOne(clock, FAILURES, perform);
  const interposer = await startHttpInterposer((path) => `${dynamoDb.url}${path}`);
  interposer.instead = (exchange) => requests.meet(exchange);
  const proxy = await startTcpProxy(interposer.port);

  return {
    proxy,
    access: (name, tableName) => ({ bundle: `${name}-dynamo-db`, plan: { kind: 'dynamoDb', tableName }, environment: { AWS_ENDPOINT_URL_DYNAMODB: `http://localhost:${proxy.port}` } }),
    deleteRow: (table, sub) => requests.delete(sub, () => dynamoDb.client.send(new DeleteItemCommand({ TableName: table, Key: { [KEY]: { S: sub } } }))),
    rows: async (table) => (await dynamoDb.items(table)).map(rowOf),
    audit: async () => requests.audit,
    failures: Object.keys(FAILURES),
    raise: async (failure) => requests.raise(failure),
    lock: () => requests.lock(),
    unlock: async () => requests.unlock(),
    tell: async () => {},
    onCommit: (listener) => requests.onCommit(listener),
    figures: async () => ({}),
    async stop() {
      await proxy.stop();
      await interposer.stop();
      await dynamoDb.stop();
    },
  };
}

async function perform({ incoming: { headers }, body, handOn }: InterposedExchange): Promise<Outcome> {
  const request = JSON.parse(body) as { readonly Key: Item; readonly UpdateExpression?: string; readonly ExpressionAttributeValues?: Item };
  const isRefused = Object.values(request.ExpressionAttributeValues ?? {}).some(({ S }) => S === REFUSED_NAME);
  // With the item as it is afterwards, which the functions do not ask for.
  const answer = await handOn(JSON.stringify({ ...request, ReturnValues: 'ALL_NEW', ...(isRefused && { TableName: FULL_TABLE, Key: FULL_KEY }) }));
  // Without an expression it is a question, whose answer is in its condition.
  if (answer.status !== 200 || request.UpdateExpression === undefined) return { answer };
  const item = (JSON.parse(answer.body) as { readonly Attributes: Item }).Attributes;
  const { cognito_user_id: sub, generation } = rowOf(item);
  const { observed_at: observedAt } = item;
  return { answer, write: { writer: writerOf(headers.authorization), sub, generation, observedAt: observedAt ? new Date(observedAt.S!) : null } };
}

function writerOf(authorization = ''): string {
  const [, accessKeyId] = SIGNED_BY.exec(authorization) ?? [];
  const name = (Object.keys(ACCESS_KEY_IDS) as FunctionName[]).find((each) => ACCESS_KEY_IDS[each] === accessKeyId);
  if (name === undefined) throw new Error('the request is not signed for dynamodb by anybody who is known here');
  return WRITERS[name];
}

function rowOf({ cognito_user_id: sub, email, display_name: name, handle, generation, status, enabled }: Item): StoredRow {
  return {
    cognito_user_id: sub.S!,
    email: email?.S ?? null,
    display_name: name?.S ?? null,
    handle: handle?.S ?? null,
    generation: generation ? Number(generation.N) : null,
    status: status?.S ?? null,
    enabled: enabled?.BOOL ?? null,
  };
}

function refusal(code: string, status = 400): Failure {
  return {
    answer: {
      status,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() },
      body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: 'as the storm wants it' }),
    },
  };
}
