import { withoutDatabase } from './deployed-plan';
import type { SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { dsqlTable } from '../stores/dsql/dsql-table';
import { postgresRunner } from '../stores/postgres/planned-access';
import { type PostgresStore, postgresTable } from '../stores/postgres/postgres-table';
import { relayTable } from '../stores/relay/relay-store';
import type { UsersTable } from '../user-store';

/**
 * Each kind of database that a function can write to is a line here. The Data API's functions are others
 * (`trigger-data-api.ts`, `consumer-data-api.ts`): they need no `pg`, and these not the Data API.
 *
 * @throws ConfigurationError
 */
export function deployedTable(plan: Partial<SyncPlan>, storeOf: PostgresStore): UsersTable {
  const { database } = plan;
  switch (database?.kind) {
    case 'postgres': return postgresTable(postgresRunner(database, awsEnvironment), database, storeOf);
    case 'dsql': return dsqlTable(database, awsEnvironment);
    case 'relay': return relayTable(database, awsEnvironment);
    default: throw withoutDatabase(plan);
  }
}
