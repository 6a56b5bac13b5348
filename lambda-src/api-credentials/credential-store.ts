import { columnNamed } from '../../src/private/column-names';
import { checkCredentialPlace } from '../../src/private/credential-place';
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

/** Which column of which row holds a user's credential. */
export interface CredentialPlace {
  /** What finds the row. */
  readonly key: readonly Column[];
  /** As the database knows it. */
  readonly column: string;
  /** Column of the key → value, as the sync writes it. */
  keyOf(sub: string): UserRow;
}

export interface CredentialPlaceOptions extends Pick<CredentialsPlan, 'key' | 'userPoolId' | 'column'> {
  /** The database's own, where it is known: these columns and no others. */
  readonly databaseKey?: readonly string[];
}

/** @throws ConfigurationError */
export function credentialPlace({ key, userPoolId, column, databaseKey }: CredentialPlaceOptions, names: ColumnNames): CredentialPlace {
  if (!key) throw new ConfigurationError('the options have no key: expected what finds one user\'s row, as the sync maps it, such as { cognito_user_id: "sub" }');
  const { columns, toRow } = rowMapping(key, { key: databaseKey ?? Object.keys(key), names });
  return configured(() => {
    checkCredentialPlace({ key, column, databaseKey, names });
    return { key: columns, column: columnNamed(column, names), keyOf: (sub) => toRow({ sub, userPoolId, attributes: {}, observedAt: new Date() }) };
  });
}
