import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue, CreateTableCommand, DescribeTableCommand, DynamoDBClient, GetItemCommand, type GlobalSecondaryIndex, PutItemCommand, ScanCommand,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';

/** DynamoDB, or what stands for it, by the AWS SDK's own client. */
export interface DynamoDb {
  /** For `AWS_ENDPOINT_URL_DYNAMODB`. */
  readonly url: string;
  readonly region: string;
  readonly client: DynamoDBClient;
  /** A new table, ready to use. */
  table(name: string, definition: TableDefinition): Promise<void>;
  put(table: string, item: Item): Promise<void>;
  /** Read consistently, with DynamoDB's own types: `{ email: { S: 'ada@example.com' } }`. */
  item(table: string, key: Item): Promise<Item | undefined>;
  items(table: string): Promise<Item[]>;
}

export type Item = Record<string, AttributeValue>;

export interface TableDefinition {
  /** Attribute → type: the partition key first, then the sort key. */
  readonly key: TableKey;
  /** Global secondary indexes, each with its key. Their names have three letters at least. */
  readonly indexes?: Readonly<Record<string, TableKey>>;
}

export type TableKey = Readonly<Record<string, 'S' | 'N' | 'B'>>;

/** dynalite, in memory and in this process. It checks no signature, only that there is one. */
export interface Dynalite extends DynamoDb {
  /** Target of each request, refused ones included: `UpdateItem`, … */
  readonly requests: string[];
  /** How many connections were opened. */
  readonly connections: number;
  /** From now on; called without anything, DynamoDB is well again. */
  behave(behaviour?: DynaliteBehaviour): void;
  stop(): Promise<void>;
}

export interface DynaliteBehaviour {
  readonly refusal?: {
    /** Such as ProvisionedThroughputExceededException. */
    readonly code: string;
    readonly message?: string;
    /** @default 400 */
    readonly status?: number;
    /** How many requests are refused. @default - all */
    readonly times?: number;
    /** @default - all */
    readonly operations?: readonly string[];
  };
  /** Before each answer. @default 0 */
  readonly delayMs?: number;
  /** How many answers get lost: the work is done, but the connection closes. @default 0 */
  readonly lostAnswers?: number;
}

export const DYNAMO_DB_REGION = 'eu-west-1';

// The SDK's advice to leave Node.js 20 is not for those who read a test report.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export async function startDynamoDb(): Promise<Dynalite> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const [answer] = server.listeners('request') as Array<(request: IncomingMessage, response: ServerResponse) => void>;
  const requests: string[] = [];
  let connections = 0;
  let behaviour: DynaliteBehaviour = {};
  let refused = 0;
  let lost = 0;

  server.removeAllListeners('request');
  server.on('connection', (socket) => {
    connections += 1;
    socket.unref();
  });
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    requests.push(operation);
    const { refusal, delayMs = 0, lostAnswers = 0 } = behaviour;
    if (delayMs > 0) await sleep(delayMs, undefined, { ref: false });
    if (refusal && (refusal.operations ?? [operation]).includes(operation) && refused < (refusal.times ?? Infinity)) {
      refused += 1;
      refuse(request, response, refusal);
      return;
    }
    if (lost < lostAnswers) {
      lost += 1;
      response.end = () => response.destroy();
    }
    answer(request, response);
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Whoever forgets to stop it ends all the same, and it with them.
  server.unref();
  const { client, ...dynamoDb } = dynamoDbAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    ...dynamoDb,
    client,
    requests,
    get connections() { return connections; },
    behave(next = {}) {
      behaviour = next;
      refused = 0;
      lost = 0;
    },
    async stop() {
      client.destroy();
      const closed = new Promise((resolve) => { server.close(resolve); });
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Whatever speaks DynamoDB's protocol at this URL. */
export function dynamoDbAt(url: string): DynamoDb {
  const client = new DynamoDBClient({ endpoint: url, region: DYNAMO_DB_REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  return {
    url,
    region: DYNAMO_DB_REGION,
    client,
    async table(name, { key, indexes = {} }) {
      const attributes = Object.assign({}, key, ...Object.values(indexes)) as TableKey;
      await client.send(new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: Object.entries(attributes).map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
        KeySchema: keySchema(key),
        ...(Object.keys(indexes).length > 0 && {
          GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, indexKey]) => ({ IndexName, KeySchema: keySchema(indexKey), Projection: { ProjectionType: 'ALL' } })),
        }),
      }));
      while ((await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus !== 'ACTIVE') await sleep(5);
    },
    async put(table, item) {
      await client.send(new PutItemCommand({ TableName: table, Item: item }));
    },
    async item(table, key) {
      return (await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }))).Item;
    },
    async items(table) {
      const items: Item[] = [];
      let from: Item | undefined;
      do {
        const page = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: from }));
        items.push(...page.Items ?? []);
        from = page.LastEvaluatedKey;
      } while (from);
      return items;
    },
  };
}

function keySchema(key: TableKey): GlobalSecondaryIndex['KeySchema'] {
  return Object.keys(key).map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}

function refuse(request: IncomingMessage, response: ServerResponse, { code, message = code, status = 400 }: NonNullable<DynaliteBehaviour['refusal']>): void {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() });
  response.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message }));
}
