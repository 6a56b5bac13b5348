import { checkKeyKind, checkKeySize } from './attribute-types';
import { columnNamed } from './column-names';
import { CREDENTIAL_KEY_SOURCES, type CredentialsPlan } from './credentials-plan';
import { type ColumnNames, type ColumnPlan, type ColumnPlanOptions, DEFAULT_KINDS } from './plan';

/** Where a credential is to be kept: in which column of which row. */
export interface CredentialPlacePlan extends Pick<CredentialsPlan, 'key' | 'column'> {
  /** The database's own, where it is known. */
  readonly databaseKey?: readonly string[];
  /** `plain` for DynamoDB. */
  readonly names: ColumnNames;
}

/**
 * Whoever shows a credential is known by `sub` alone: a row that takes more to find is never found. And the column is the
 * credential's own, since it is overwritten.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function checkCredentialPlace({ key, column, databaseKey, names }: CredentialPlacePlan): void {
  const own = databaseKey?.map((written) => columnNamed(written, names));
  for (const [written, plan] of Object.entries(key)) {
    const { from, kind = DEFAULT_KINDS[from ?? ''] ?? 'text' } = optionsOf(plan);
    if (own && !own.includes(columnNamed(written, names))) {
      throw new Error(`key column ${JSON.stringify(written)} is not in the key of the database, which is (${own.join(', ')}): map that key and no more`);
    }
    if (from !== undefined && !(CREDENTIAL_KEY_SOURCES as readonly string[]).includes(from)) {
      throw new Error(`key column ${JSON.stringify(written)} is mapped from ${from}, which a credential does not tell: map it from ${CREDENTIAL_KEY_SOURCES.join(', ')} or a constant; whoever shows a credential is known by sub alone`);
    }
    if (names === 'plain') checkKeyKind(written, kind);
  }
  if (names === 'plain') checkKeySize(Object.keys(key));
  if (Object.keys(key).some((written) => columnNamed(written, names) === columnNamed(column, names))) {
    throw new Error(`got column ${JSON.stringify(column)}, which is in the key: name a column of its own, which the sync does not map`);
  }
}

function optionsOf(plan: ColumnPlan): ColumnPlanOptions {
  return typeof plan === 'string' ? { from: plan } : plan;
}
