import { dynamoDbStore } from './dynamo-db-store';
import { dynamoDbTarget } from './dynamo-db-target';
import { checkKeyKind, checkKeySize } from '../../../src/private/attribute-types';
import type { DynamoDbPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { configured } from '../../errors';
import { onDemand } from '../../on-demand';
import type { Column } from '../../user-row';
import type { UsersTable } from '../../user-store';

/** The users table in DynamoDB. */
export function dynamoDbTable({ tableName, key, region }: Omit<DynamoDbPlan, 'kind'>, aws: AwsEnvironment): UsersTable {
  return {
    key,
    names: 'plain',
    isGuarded: true,
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

/** Also where nobody looked at synth. */
function checkKey(key: readonly string[], columns: readonly Column[]): void {
  configured(() => {
    checkKeySize(key);
    for (const { name, kind } of columns.filter((column) => key.includes(column.name))) checkKeyKind(name, kind);
  });
}
