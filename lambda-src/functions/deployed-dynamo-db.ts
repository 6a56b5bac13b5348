import { withoutDatabase } from './deployed-plan';
import type { SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { dynamoDbTable } from '../stores/dynamo-db/dynamo-db-table';
import type { UsersTable } from '../user-store';

/** @throws ConfigurationError */
export function deployedDynamoDb(plan: Partial<SyncPlan>): UsersTable {
  if (plan.database?.kind !== 'dynamoDb') throw withoutDatabase(plan);
  return dynamoDbTable(plan.database, awsEnvironment);
}
