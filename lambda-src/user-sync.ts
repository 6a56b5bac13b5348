import type { CognitoUser } from './cognito-user';
import { ConfigurationError } from './errors';
import { type ColumnMapping, rowMapping } from './mapping/row-mapping';
import type { UserRow } from './user-row';
import type { UsersTable, UserStore } from './user-store';

/** The path: CognitoUser → UserRow → store. */
export interface UserSync {
  readonly toRow: (user: CognitoUser) => UserRow;
  readonly store: UserStore;
  /** Whether a column holds the observation time, so that the table itself keeps older observations out. */
  readonly isVersioned: boolean;
}

export interface UserSyncOptions {
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
export async function userSync(table: UsersTable, { columns, connect = 'eager' }: UserSyncOptions): Promise<UserSync> {
  if (connect !== 'eager' && connect !== 'lazy') throw new ConfigurationError(`got connect ${JSON.stringify(connect)}: expected eager or lazy`);
  // Before anything else is worked out: the connection takes longest.
  if (connect === 'eager') await table.open?.();
  const mapping = rowMapping(columns, table);
  return { toRow: mapping.toRow, store: table.store(mapping.key, mapping.columns), isVersioned: mapping.columns.some(({ isVersion }) => isVersion) };
}
