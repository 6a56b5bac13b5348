import { randomBytes, randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { Entrance } from './entrance';
import { type Dynalite, type Item, startDynamoDb, type TableDefinition } from '../../test/support/dynamo-db';
import { type InterposedExchange, passOn, startHttpInterposer, tellAll } from '../../test/support/http-interposer';
import { startTcpProxy } from '../../test/support/tcp-proxy';
import type { HttpStore, StoredRow, StoreServer } from '../store';

/** A table of its own in dynalite, behind what may answer in its place. */
export interface DynamoDbStore extends HttpStore {
  /** From now on every request is refused with this, and nothing is done. */
  refuse(code: string, status?: number): void;
  /** From now on every row goes to a table like this, or to one that is not there: what is wrong with it DynamoDB says itself. */
  sendElsewhere(table?: Elsewhere): Promise<void>;
}

export interface Elsewhere extends TableDefinition {
  /** Of the application's in each item, before a user is written. */
  readonly holding?: AttributeValue;
}

export async function startDynamoDbStores(): Promise<StoreServer<DynamoDbStore>> {
  const dynamoDb = await startDynamoDb();
  return { open: () => openDynamoDbStore(dynamoDb), stop: () => dynamoDb.stop() };
}

async function openDynamoDbStore(dynamoDb: Dynalite): Promise<DynamoDbStore> {
  const tableName = newName();
  await dynamoDb.table(tableName, { key: { cognito_user_id: 'S' } });
  const interposer = await startHttpInterposer((path) => `${dynamoDb.url}${path}`);
  const proxy = await startTcpProxy(interposer.port);
  const entrance = new Entrance<InterposedExchange>(passOn);
  interposer.instead = (exchange) => entrance.meet(exchange);

  return {
    proxy,
    plan: { kind: 'dynamoDb', tableName },
    environment: { AWS_ENDPOINT_URL_DYNAMODB: `http://localhost:${proxy.port}` },
    async rows() {
      const items = await dynamoDb.items(tableName);
      return items.map((item) => Object.fromEntries(Object.entries(item).map(([name, { S = null }]) => [name, S])) as unknown as StoredRow);
    },
    async swallowRequests() {
      await proxy.blackHole();
      proxy.silence();
    },
    async delayWrites(milliseconds) { entrance.delayMs = milliseconds; },
    isWriting: async () => entrance.underWay > 0,
    misbehave(rudeness) { entrance.instead = rudeness; },
    refuse(code, status = 400) {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() };
      // DynamoDB's own messages quote what was sent, too.
      entrance.instead = ({ response, body }) => tellAll(response, { status, headers, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${code}`, message: body }) });
    },
    async sendElsewhere(table) {
      const elsewhere = newName();
      if (table) await dynamoDb.table(elsewhere, table);
      entrance.instead = async ({ response, body, handOn }) => {
        const request = JSON.parse(body) as { readonly Key: Item };
        if (table?.holding) await dynamoDb.put(elsewhere, { ...request.Key, held: table.holding });
        tellAll(response, await handOn(JSON.stringify({ ...request, TableName: elsewhere })));
      };
    },
    async stop() {
      await proxy.stop();
      await interposer.stop();
    },
  };
}

function newName(): string {
  return `users_${randomBytes(6).toString('hex')}`;
}
