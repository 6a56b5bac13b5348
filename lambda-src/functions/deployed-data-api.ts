import { withoutDatabase } from './deployed-plan';
import type { SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { dataApiTable } from '../stores/data-api/data-api-table';
import type { UsersTable } from '../user-store';

/** @throws ConfigurationError */
export function deployedDataApi(plan: Partial<SyncPlan>): UsersTable {
  if (plan.database?.kind !== 'dataApi') throw withoutDatabase(plan);
  return dataApiTable(plan.database, awsEnvironment);
}
