import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { REFUSED_NAME } from '../../storm/person';
import { SimulatedClock } from '../../storm/simulated-clock';
import type { StormStore } from '../../storm/store';
import { startStore, type StoreName } from '../../storm/stores';

const SUB = '0a1b2c3d-0000-4000-8000-000000000001';

interface Given {
  readonly table?: string;
  readonly generation: number;
  readonly observedAt?: string;
  readonly name?: string;
}

/** As a consumer that has no guard against what is older. @returns the status of the answer */
type Write = (store: StormStore, given: Given) => Promise<number>;

const writeToDynamoDb: Write = async ({ proxy }, { table = 'users', generation, observedAt, name = 'Ada' }) => {
  const client = new DynamoDBClient({ endpoint: `http://localhost:${proxy.port}`, region: 'eu-west-1', maxAttempts: 1, credentials: { accessKeyId: 'AKIACONSUMER', secretAccessKey: 'secret' } });
  try {
    const { $metadata } = await client.send(new UpdateItemCommand({
      TableName: table,
      Key: { cognito_user_id: { S: SUB } },
      UpdateExpression: `SET generation = :generation, display_name = :name${observedAt ? ', observed_at = :observedAt' : ''}`,
      ExpressionAttributeValues: { ':generation': { N: String(generation) }, ':name': { S: name }, ...(observedAt && { ':observedAt': { S: observedAt } }) },
    }));
    return $metadata.httpStatusCode!;
  } catch (error) {
    return (error as { $metadata: { httpStatusCode: number } }).$metadata.httpStatusCode;
  } finally {
    client.destroy();
  }
};

const writeToService: Write = async ({ proxy }, { table = 'users', generation, observedAt, name = 'Ada' }) => {
  const body = JSON.stringify({ cognito_user_id: SUB, generation, display_name: name, ...(observedAt && { observed_at: observedAt }) });
  const { status } = await fetch(`http://localhost:${proxy.port}/${table}/${SUB}`, { method: 'PUT', headers: { 'x-api-key': 'key-of-the-consumer', 'content-type': 'application/json' }, body });
  return status;
};

describe.each<[StoreName, Write]>([['dynamodb', writeToDynamoDb], ['service', writeToService]])('the storm\'s %s', (name, write) => {
  const clock = new SimulatedClock();
  let store: StormStore;

  beforeEach(async () => {
    store = await startStore(name, [{ name: 'users_with_version', hasVersion: true }, { name: 'users', hasVersion: false }], clock);
  });

  afterEach(() => store.stop());

  test('writes down every write in its order, also an older state over a newer one', async () => {
    const told: string[] = [];
    store.onCommit((sub) => told.push(sub));
    await write(store, { generation: 2 });
    await write(store, { generation: 1 });
    await store.deleteRow('users', SUB);
    expect((await store.audit()).map(({ writer, operation, sub, generation, observedAt }) => [writer, operation, sub, generation, observedAt])).toEqual([
      ['storm_consumer', 'UPDATE', SUB, 2, null],
      ['storm_consumer', 'UPDATE', SUB, 1, null],
      ['application', 'DELETE', SUB, null, null],
    ]);
    expect(told).toEqual([SUB, SUB, SUB]);
    expect(await store.rows('users')).toEqual([]);
  });

  test('writes down when a state was observed', async () => {
    await write(store, { table: 'users_with_version', generation: 1, observedAt: '2026-01-01T00:00:00.000Z' });
    expect((await store.audit()).map(({ observedAt }) => observedAt)).toEqual([new Date('2026-01-01T00:00:00.000Z')]);
    expect(await store.rows('users_with_version')).toEqual([expect.objectContaining({ cognito_user_id: SUB, generation: 1, display_name: 'Ada', handle: null, enabled: null })]);
  });

  test('does not take the name that no table takes', async () => {
    expect(await write(store, { generation: 1, name: REFUSED_NAME })).toBeGreaterThanOrEqual(400);
    expect([await store.rows('users'), await store.audit()]).toEqual([[], []]);
  });

  test('fails as it is told to, and then writes nothing where it does not say that it does', async () => {
    for (const failure of store.failures) {
      await store.raise(failure);
      expect([failure, await write(store, { generation: 1 }) >= 400]).toEqual([failure, true]);
      await store.raise(undefined);
      expect([failure, (await store.rows('users')).length]).toEqual([failure, failure.endsWith('is done') ? 1 : 0]);
      await store.deleteRow('users', SUB);
    }
    expect(await write(store, { generation: 1 })).toBeLessThan(300);
  });

  test('lets nobody write while it is locked, the application neither', async () => {
    await write(store, { generation: 1 });
    await store.lock();
    const waiting = [store.deleteRow('users', SUB), write(store, { generation: 2 })];
    await sleep(50);
    expect((await store.rows('users')).map(({ generation }) => generation)).toEqual([1]);
    await store.unlock();
    await Promise.all(waiting);
    expect((await store.audit()).map(({ operation }) => operation)).toEqual(['UPDATE', 'DELETE', 'UPDATE']);
  });
});
