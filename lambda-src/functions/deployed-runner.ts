import type { SqlPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { dataApiRunner } from '../stores/data-api/data-api-table';
import { dsqlRunner } from '../stores/dsql/dsql-table';
import type { StatementRunner } from '../stores/postgres/connection';
import { postgresRunner } from '../stores/postgres/planned-access';

/**
 * Whoever runs SQL in the plan's database, whatever its kind: for the inspector, which looks at more than rows, and for
 * API credentials, which are in one column of a row that is there.
 *
 * @throws ConfigurationError
 */
export function runnerOf(database: SqlPlan): StatementRunner {
  switch (database.kind) {
    case 'postgres': return postgresRunner(database, awsEnvironment);
    case 'dsql': return dsqlRunner(database, awsEnvironment);
    case 'dataApi': return dataApiRunner(database, awsEnvironment);
  }
}
