import type { DsqlPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import type { UsersTable } from '../../user-store';
import { PostgresConnection, type StatementRunner } from '../postgres/connection';
import { dsqlToken } from '../postgres/iam-token';
import { postgresStore } from '../postgres/postgres-store';
import { postgresTable } from '../postgres/postgres-table';

/** The only one that a cluster of Aurora DSQL has. */
const DATABASE = 'postgres';

/**
 * The users table in Aurora DSQL. One statement for each row, wherever it is written: the statement for many rows saves
 * values of sequences, and has not been proven there.
 *
 * @throws ConfigurationError
 */
export function dsqlTable(plan: DsqlPlan, aws: AwsEnvironment): UsersTable {
  return postgresTable(dsqlRunner(plan, aws), plan, postgresStore);
}

/** Its certificates are of Amazon's public authorities: no Region of RDS's is named. */
export function dsqlRunner({ host, region, user }: DsqlPlan, { credentials }: AwsEnvironment): StatementRunner {
  return new PostgresConnection({
    address: () => ({ host, port: 5432, encrypted: true }),
    // Checked only when connecting: one for each connection.
    login: async () => ({ user, password: () => dsqlToken(host, region, credentials()), database: DATABASE }),
  });
}
