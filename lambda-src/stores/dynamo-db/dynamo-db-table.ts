import { dynamoDbStore } from './dynamo-db-store';
import { dynamoDbTarget } from './dynamo-db-target';
import { keyType } from '../../../src/private/attribute-types';
import type { DynamoDbPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { ConfigurationError } from '../../errors';
import { onDemand } from '../../on-demand';
import type { Column } from '../../user-row';
import type { UsersTable } from '../../user-store';

/** A table's key has one attribute or two: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html */
const MOST_KEY_ATTRIBUTES = 2;

/** The users table in DynamoDB. */
export function dynamoDbTable({ tableName, key, region }: Omit<DynamoDbPlan, 'kind'>, aws: AwsEnvironment): UsersTable {
  return {
    key,
    names: 'plain',
    // What a request needs is loaded while the environment starts, and not while somebody waits.
    open: async () => {
      onDemand.aws4();
      onDemand.agent('https:');
    },
    store(keyNames, columns) {
      const target = dynamoDbTarget({ tableName, region }, aws);
      checkKey(keyNames, columns);
      return dynamoDbStore(target, keyNames, columns);
    },
  };
}

function checkKey(key: readonly string[], columns: readonly Column[]): void {
  if (key.length > MOST_KEY_ATTRIBUTES) {
    throw new ConfigurationError(`got key (${key.join(', ')}) of ${key.length} attributes: expected those of the table's key, a partition key and at most a sort key`);
  }
  const unfit = columns.find(({ name, kind }) => key.includes(name) && keyType(kind) === undefined);
  if (unfit) throw new ConfigurationError(`key column ${JSON.stringify(unfit.name)} is of kind ${unfit.kind}: expected a kind that is text or a number, as attributes in a key of DynamoDB are`);
}
