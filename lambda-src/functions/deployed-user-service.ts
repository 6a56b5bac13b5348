import { withoutDatabase } from './deployed-plan';
import type { SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { userServiceTable } from '../stores/user-service/user-service-table';
import type { UsersTable } from '../user-store';

/** @throws ConfigurationError */
export function deployedUserService(plan: Partial<SyncPlan>): UsersTable {
  if (plan.database?.kind !== 'userService') throw withoutDatabase(plan);
  return userServiceTable(plan.database, awsEnvironment);
}
