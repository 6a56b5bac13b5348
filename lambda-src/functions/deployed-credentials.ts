import { withoutTable } from './deployed-credentials-plan';
import { runnerOf } from './deployed-runner';
import type { CredentialsPlan } from '../../src/private/credentials-plan';
import { isSql } from '../../src/private/plan';
import { type CredentialStore, userKey } from '../api-credentials/credential-store';
import { postgresCredentials } from '../api-credentials/postgres-credentials';

/**
 * In the users table, in whatever runs SQL.
 *
 * @throws ConfigurationError
 */
export function deployedCredentials(plan: CredentialsPlan): CredentialStore {
  const { database, column } = plan;
  if (!database || !isSql(database)) throw withoutTable(plan);
  return postgresCredentials(runnerOf(database), { table: database.table, key: userKey({ ...plan, databaseKey: database.key }, 'sql'), column, castsKey: database.kind === 'dataApi' });
}
