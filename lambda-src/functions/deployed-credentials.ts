import { withoutTable } from './deployed-credentials-plan';
import { runnerOf } from './deployed-runner';
import type { CredentialsPlan } from '../../src/private/credentials-plan';
import { isSql } from '../../src/private/plan';
import { credentialPlace, type CredentialStore } from '../api-credentials/credential-store';
import { postgresCredentials } from '../api-credentials/postgres-credentials';

/**
 * In the users table, in whatever runs SQL.
 *
 * @throws ConfigurationError
 */
export function deployedCredentials(plan: CredentialsPlan): CredentialStore {
  const { database } = plan;
  if (!database || !isSql(database)) throw withoutTable(plan);
  return postgresCredentials(runnerOf(database), { table: database.table, place: credentialPlace({ ...plan, databaseKey: database.key }, 'sql'), castsKey: database.kind === 'dataApi' });
}
