import { withoutDatabase } from './deployed-plan';
import type { SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { relayTable } from '../stores/relay/relay-store';
import type { UsersTable } from '../user-store';

/** @throws ConfigurationError */
export function deployedRelay(plan: Partial<SyncPlan>): UsersTable {
  if (plan.database?.kind !== 'relay') throw withoutDatabase(plan);
  return relayTable(plan.database, awsEnvironment);
}
