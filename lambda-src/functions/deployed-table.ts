import { withoutDatabase } from './deployed-plan';
import type { SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { dsqlTable } from '../stores/dsql/dsql-table';
import { postgresRunner } from '../stores/postgres/planned-access';
import { type PostgresStore, postgresTable } from '../stores/postgres/postgres-table';
import type { UsersTable } from '../user-store';

/**
 * Each kind of database that is reached by `pg` is a line here. The others have functions of their own
 * (`trigger-dynamo-db.ts`, `trigger-relay.ts`, …): they need no `pg`, and these not their clients.
 *
 * @throws ConfigurationError
 */
export function deployedTable(plan: Partial<SyncPlan>, storeOf: PostgresStore): UsersTable {
  const { database } = plan;
  switch (database?.kind) {
    case 'postgres': return postgresTable(postgresRunner(database, awsEnvironment), database, storeOf);
    case 'dsql': return dsqlTable(database, awsEnvironment);
    default: throw withoutDatabase(plan);
  }
}
