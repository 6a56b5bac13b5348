import { checkCredentialKey } from '../../src/private/credential-key-rule';
import type { CredentialsPlan } from '../../src/private/credentials-plan';
import type { ColumnNames } from '../../src/private/plan';
import type { Deadline } from '../deadline';
import { configured, ConfigurationError } from '../errors';
import { rowMapping } from '../mapping/row-mapping';
import type { Column, UserRow } from '../user-row';

/** The column of the users table that holds credentials. All throw `UserSyncError`. */
export interface CredentialStore {
  /** Starts connecting, and never fails. */
  open?(): Promise<void>;
  /** @returns undefined where the user has no row, or no credential in it */
  read(sub: string, deadline: Deadline): Promise<string | undefined>;
  /**
   * Safe to do twice.
   *
   * @param credential null takes it away
   * @returns whether the user has a row: none is made
   */
  write(sub: string, credential: string | null, deadline: Deadline): Promise<boolean>;
}

/** What finds a user's row. */
export interface UserKey {
  readonly columns: readonly Column[];
  /** Column → value, as the sync writes it. */
  of(sub: string): UserRow;
}

export interface UserKeyOptions extends Pick<CredentialsPlan, 'key' | 'userPoolId'> {
  /** The database's own, where it is known: these columns and no others. */
  readonly databaseKey?: readonly string[];
}

/** @throws ConfigurationError */
export function userKey({ key, userPoolId, databaseKey }: UserKeyOptions, names: ColumnNames): UserKey {
  if (!key) throw new ConfigurationError('the options have no key: expected what finds one user\'s row, as the sync maps it, such as { cognito_user_id: "sub" }');
  const { columns, key: own, toRow } = rowMapping(key, { key: databaseKey ?? Object.keys(key), names });
  configured(() => checkCredentialKey(key));
  const other = columns.find(({ name }) => !own.includes(name));
  if (other) throw new ConfigurationError(`column ${JSON.stringify(other.name)} is not in the key of the database (${own.join(', ')}): expected that key and no more`);
  if (!columns.some(({ isSub }) => isSub)) throw new ConfigurationError('no column of the key is mapped from sub: expected the columns that find one user\'s row, such as { cognito_user_id: "sub" }');
  return { columns, of: (sub) => toRow({ sub, userPoolId, attributes: {}, observedAt: new Date() }) };
}
