import { DataApiRunner } from './data-api-runner';
import type { DataApiPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { ConfigurationError } from '../../errors';
import type { UsersTable } from '../../user-store';
import { bulkPostgresStore } from '../postgres/bulk-postgres-store';
import type { StatementRunner } from '../postgres/connection';
import { postgresTable } from '../postgres/postgres-table';

/**
 * The users table in a cluster of Aurora, by HTTPS. Its statements are those for many rows, also for one: they cast
 * every parameter to the type of its column, and the service sends each as a varchar, which PostgreSQL takes for no
 * other type by itself.
 *
 * @throws ConfigurationError
 */
export function dataApiTable(plan: DataApiPlan, aws: AwsEnvironment): UsersTable {
  return postgresTable(dataApiRunner(plan, aws), plan, bulkPostgresStore);
}

/** @throws ConfigurationError */
export function dataApiRunner({ clusterArn, secretArn, databaseName }: DataApiPlan, { credentials, endpointUrl }: AwsEnvironment): StatementRunner {
  const [, , , region] = clusterArn.split(':');
  if (!region) throw new ConfigurationError(`got cluster ${JSON.stringify(clusterArn)}: expected the full ARN of a cluster of Aurora`);
  return new DataApiRunner({ service: 'rds-data', region, credentials, endpointUrl: endpointUrl('RDS_DATA') }, { resourceArn: clusterArn, secretArn, database: databaseName });
}
