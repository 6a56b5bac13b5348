import { dynamoDbError, mayBeOneRow, unreachable } from './dynamo-db-error';
import { type Item, itemOf } from './item';
import { change, changesAnything, insertion, type ItemUpdate, questionOfOthers, questionOfOurs } from './item-update';
import { type AwsService, awsCall, jsonRequest } from '../../aws/aws-call';
import type { Deadline } from '../../deadline';
import { UserStoreError, UserSyncError } from '../../errors';
import { keepingConnections } from '../../kept-connections';
import { sideBySide } from '../../side-by-side';
import type { Column } from '../../user-row';
import type { UserStore, WriteOutcome, WriteResult } from '../../user-store';

export interface DynamoDbTarget {
  readonly service: AwsService;
  /** Name, or ARN. */
  readonly tableName: string;
}

/**
 * Each has a connection, with a TLS handshake. With 6 ms for an answer, 50 rows took 426 ms one by one, 64 ms 8 at once,
 * 70 ms 16 at once and 178 ms 64 at once; 1,000 rows took 8.5 s, 0.9 s, 0.5 s and 0.3 s.
 */
const ROWS_AT_ONCE = 16;

/** Two seconds of trying where DynamoDB is throttling: what is left of a sign-up is for the queue. */
const ATTEMPTS = 8;

/** An item may vanish between two requests, but not forever. */
const TIMES_FROM_THE_START = 3;

/**
 * One item for each row, each by a request of its own: BatchWriteItem replaces whole items, with all that the
 * application wrote, and knows no conditions.
 *
 * What is written on insert only is never written to an item that is there. With such columns there are two requests, one
 * for a new item and one for the rest, since no expression tells the two cases apart.
 */
export function dynamoDbStore(target: DynamoDbTarget, key: readonly string[], columns: readonly Column[]): UserStore {
  const { service } = target;
  const writer = (written: (item: Item, update: Update) => Promise<WriteOutcome>): UserStore['write'] => async (rows, deadline) =>
    keepingConnections(new URL(service.endpointUrl ?? 'https://aws').protocol, async (agent) => {
      const update: Update = async (item, itemUpdate) => updateItem({ ...target, service: { ...service, agent } }, item, itemUpdate, deadline);
      return results(rows.map((row) => attempted(() => itemOf(row, key, columns))), async (item) => written(item, update));
    });
  return { write: writer(write), insert: writer(insert) };
}

/** @returns whether its condition held, so that it was done */
type Update = (item: Item, update: ItemUpdate) => Promise<boolean>;

async function write(item: Item, update: Update): Promise<WriteOutcome> {
  const isInsertedFirst = !changesAnything(item) || item.attributes.some(({ write: owner, value }) => owner === 'onInsert' && value !== null);
  for (let time = 1; time <= TIMES_FROM_THE_START; time++) {
    if (isInsertedFirst && await update(item, insertion(item))) return 'written';
    if (!changesAnything(item)) return 'unchanged';
    if (await update(item, change(item, !isInsertedFirst))) return 'written';
    // A missing item would have been made.
    if (!isInsertedFirst && !item.owner) return 'unchanged';
    if (await update(item, questionOfOurs(item))) return 'unchanged';
    if (item.owner && await update(item, questionOfOthers(item.owner))) {
      throw new UserStoreError('permanent', 'another user\'s item has this key: expected a key that belongs to one user for ever, as sub does', { column: item.owner.name });
    }
  }
  throw new UserStoreError('transient', 'the item came and went while it was written');
}

async function insert(item: Item, update: Update): Promise<WriteOutcome> {
  return await update(item, insertion(item)) ? 'written' : 'unchanged';
}

/** Rows of one key one after the other, the others side by side. After a failure of the store itself none is begun. */
async function results(items: ReadonlyArray<Item | UserSyncError>, written: (item: Item) => Promise<WriteOutcome>): Promise<WriteResult[]> {
  const found: WriteResult[] = [];
  const queues = new Map<string, Array<readonly [place: number, item: Item]>>();
  for (const [place, item] of items.entries()) {
    if (item instanceof UserSyncError) {
      found[place] = item;
      continue;
    }
    const text = JSON.stringify(item.key);
    queues.set(text, [...queues.get(text) ?? [], [place, item]]);
  }
  let failure: Error | undefined;
  await sideBySide([...queues.values()], ROWS_AT_ONCE, async (queue) => {
    for (const [place, item] of queue) {
      if (failure) return;
      const result = await written(item).catch((error: Error) => error);
      if (typeof result === 'string' || (result instanceof UserSyncError && mayBeOneRow(result))) found[place] = result;
      else failure ??= result;
    }
  });
  if (failure) throw failure;
  return found;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
async function updateItem({ service, tableName }: DynamoDbTarget, { key }: Item, update: ItemUpdate, deadline: Deadline): Promise<boolean> {
  const request = jsonRequest('DynamoDB_20120810.UpdateItem', { TableName: tableName, Key: key, ...update }, '1.0');
  const answer = await awsCall(service, request, deadline, ATTEMPTS).catch(unreachable);
  // Also a page of somebody between here and there may have status 200, and has written nothing.
  const isDone = answer.status === 200 && answer.body.startsWith('{');
  if (!isDone && answer.errorType !== 'ConditionalCheckFailedException') throw dynamoDbError(answer);
  return isDone;
}

function attempted<T>(work: () => T): T | UserSyncError {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserSyncError) return error;
    throw error;
  }
}
