import type { InspectionRequest } from './inspection';
import { patiently } from './patience';
import type { LoginCreationPlan, SyncPlan, TablePlan } from '../../src/private/plan';
import { LOGIN_REFUSALS, loginStatement } from '../check';
import type { Deadline } from '../deadline';
import { ConfigurationError, UserStoreError } from '../errors';
import { PostgresConnection } from '../stores/postgres/connection';

const ATTEMPT_MILLIS = 20_000;

/**
 * Creates the login that the sync uses, or gives it what it lacks, in one statement: all of it, or nothing.
 *
 * @throws UserSyncError
 */
export async function createLogin(
  { userName, databaseName, ...server }: LoginCreationPlan,
  { database, columns }: Partial<SyncPlan>,
  administrator: InspectionRequest['administrator'],
  patience: Deadline,
): Promise<void> {
  if (!database || !columns || !administrator) throw new ConfigurationError('got no table, no columns or no administrator for the login: deploy the stack again');
  const { table, key } = database as TablePlan;
  const runner = new PostgresConnection({ address: () => ({ ...server, encrypted: true }), login: async () => ({ ...administrator, database: databaseName }) });
  const text = loginStatement({ table, key, columns, login: userName });
  const created = () => runner.run({ text, values: [] }, patience.within(ATTEMPT_MILLIS)).catch((error) => {
    throw inItsWords(error, userName);
  });
  await patiently(created, patience);
}

function inItsWords(error: unknown, userName: string): unknown {
  const { code = '' } = error as UserStoreError;
  if (LOGIN_REFUSALS[code]) return new ConfigurationError(`${JSON.stringify(userName)} cannot be the login of this sync, since ${LOGIN_REFUSALS[code]}`);
  if (code === '42501') {
    return new ConfigurationError('the administrator may not create the login, or not grant all that it needs: expected one who may create roles and owns the table; '
      + 'otherwise have the login created (create role … login, and grant rds_iam to it), and the owner of the table run what npx cognito-user-sync sql --login prints');
  }
  return error;
}
