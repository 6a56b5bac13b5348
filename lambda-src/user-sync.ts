import { awsEnvironment } from './aws/environment';
import type { CognitoUser } from './cognito-user';
import { ConfigurationError } from './errors';
import { type ColumnMapping, type RowMapping, rowMapping } from './mapping/row-mapping';
import type { StatementRunner } from './stores/postgres/connection';
import { type DatabaseOptions, statementRunner } from './stores/postgres/database-options';
import { relayStore } from './stores/relay/relay-store';
import type { Column, UserRow } from './user-row';
import type { BulkUserStore, UserStore } from './user-store';
import { type RelayPlan } from '../src/private/plan';

/** The path: CognitoUser → UserRow → store. */
export interface UserSync<Store extends UserStore> {
  readonly toRow: (user: CognitoUser) => UserRow;
  readonly store: Store;
  /** Whether a column holds the observation time, so that the table itself keeps older observations out. */
  readonly isVersioned: boolean;
}

/** One row at a time, or many. */
type StoreInPostgres<Store extends UserStore> = (runner: StatementRunner, table: string, key: readonly string[], columns: readonly Column[]) => Store;

export interface UserSyncOptions {
  /** The table and the way to it. */
  readonly database: DatabaseOptions | RelayPlan;
  /**
   * Column → what Cognito knows: an attribute (`email`, `custom:plan`), one of `sub`, `username`, `userPoolId`,
   * `status`, `enabled`, `identityProvider`, `attributes` (all as JSON), `observedAt`, `clientMetadata:<key>`, a
   * function of the user, or an object that adds `kind`, `write`, `fallback` and `required` to one of these, or has a
   * `constant`. A function that returns undefined leaves the column as it is; null is absent.
   */
  readonly columns: Readonly<Record<string, ColumnMapping>>;
  /**
   * When to connect: as soon as the handler is created (in Lambda: while the function loads, so that the first sign-up
   * does not wait for it), or with the first event.
   *
   * @default 'eager'
   */
  readonly connect?: 'eager' | 'lazy';
}

/** @throws ConfigurationError */
export async function userSync<Store extends UserStore>(
  { database, columns, connect = 'eager' }: UserSyncOptions, storeInPostgres: StoreInPostgres<Store>,
): Promise<UserSync<Store | BulkUserStore>> {
  if (connect !== 'eager' && connect !== 'lazy') throw new ConfigurationError(`got connect ${JSON.stringify(connect)}: expected eager or lazy`);
  if (isRelay(database)) {
    const lambda = { region: awsEnvironment.region ?? '', credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('LAMBDA') };
    return joined(rowMapping(columns, database.key), relayStore(database.functionName, lambda));
  }
  const runner = statementRunner(database);
  // Before anything else is worked out: the connection takes longest.
  if (connect === 'eager') await runner.open?.();
  const mapping = rowMapping(columns, typeof database.key === 'string' ? [database.key] : database.key);
  return joined(mapping, storeInPostgres(runner, database.table, mapping.key, mapping.columns));
}

function joined<Store extends UserStore>({ toRow, columns }: RowMapping, store: Store): UserSync<Store> {
  return { toRow, store, isVersioned: columns.some(({ isVersion }) => isVersion) };
}

function isRelay(database: DatabaseOptions | RelayPlan): database is RelayPlan {
  return 'kind' in Object(database) && (database as RelayPlan).kind === 'relay';
}
