import { dynamoDbError, isDone, unreachable } from './dynamo-db-error';
import { type Attribute, type Item, itemOf } from './item';
import { change, changesAnything, insertion, type ItemUpdate, questionOfOthers, questionOfOurs } from './item-update';
import { type AwsService, awsCall, jsonRequest } from '../../aws/aws-call';
import type { Deadline } from '../../deadline';
import { UserStoreError, UserSyncError } from '../../errors';
import { keepingConnections } from '../../kept-connections';
import type { Column } from '../../user-row';
import type { UserStore, WriteOutcome } from '../../user-store';
import { rowByRow, timeForOneAnswer } from '../row-by-row';

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
      const update: Update = async (item, itemUpdate) => updateItem({ ...target, service: { ...service, agent } }, item, itemUpdate, timeForOneAnswer(deadline, rows.length));
      return rowByRow(rows.map((row) => attempted(() => itemOf(row, key, columns))), {
        userOf: (item) => JSON.stringify(item.key),
        atOnce: ROWS_AT_ONCE,
        deadline,
        write: async (item) => written(item, update),
      });
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
    if (item.owner && await update(item, questionOfOthers(item))) throw notTheirs(item.owner);
  }
  throw new UserStoreError('transient', 'the item came and went while it was written');
}

function notTheirs({ name }: Attribute): UserStoreError {
  return new UserStoreError(
    'permanent',
    `the item with this key has no ${JSON.stringify(name)}, or another user's, and stays as it is: to give it to this user set the attribute to their sub, as the mapping writes it, or delete the item`,
    { column: name },
  );
}

async function insert(item: Item, update: Update): Promise<WriteOutcome> {
  return await update(item, insertion(item)) ? 'written' : 'unchanged';
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html */
async function updateItem({ service, tableName }: DynamoDbTarget, { key }: Item, update: ItemUpdate, deadline: Deadline): Promise<boolean> {
  const request = jsonRequest('DynamoDB_20120810.UpdateItem', { TableName: tableName, Key: key, ...update }, '1.0');
  const answer = await awsCall(service, request, deadline, ATTEMPTS).catch(unreachable);
  if (!isDone(answer) && answer.errorType !== 'ConditionalCheckFailedException') throw dynamoDbError(answer);
  return isDone(answer);
}

function attempted<T>(work: () => T): T | UserSyncError {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserSyncError) return error;
    throw error;
  }
}
