import { Token } from 'aws-cdk-lib';
import { columnMapping } from '../columns/column-mapping';
import { ColumnValue } from '../columns/column-value';
import type { DatabaseBinding } from '../database/database-binding';
import { columnNamed } from '../private/column-names';
import { CREDENTIAL_KEY_SOURCES, type CredentialsPlan } from '../private/credentials-plan';

/**
 * What finds a user's row, and the column that is read and written there.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function credentialColumns(column: string, values: { readonly [column: string]: ColumnValue } | undefined, database: DatabaseBinding): Pick<CredentialsPlan, 'key' | 'column'> {
  const { plan, names = 'sql' } = database;
  const key = columnMapping(values ?? defaultKey(plan.key), { ...database, isGuarded: false, key: values ? Object.keys(values) : plan.key });
  for (const [name, value] of Object.entries(key)) {
    const source = typeof value === 'string' ? value : value.from;
    if (source !== undefined && !(CREDENTIAL_KEY_SOURCES as readonly string[]).includes(source)) {
      throw new Error(`key column ${JSON.stringify(name)} is mapped from ${source}, which a credential does not tell: map it from ${CREDENTIAL_KEY_SOURCES.join(', ')} or a constant; whoever shows a credential is known by sub alone`);
    }
  }
  if (Token.isUnresolved(column)) throw new Error('got a token as column, expected plain text: it is told from the columns of the key before deployment');
  const name = columnNamed(column, names);
  if (Object.keys(key).some((written) => columnNamed(written, names) === name)) {
    throw new Error(`got column ${JSON.stringify(column)}, which is in the key: name a column of its own, which the sync does not map`);
  }
  return { key, column };
}

function defaultKey(key: readonly string[] | undefined): { readonly [column: string]: ColumnValue } {
  if (key?.length === 1) return { [key[0]]: ColumnValue.sub() };
  throw new Error(`got ${key ? `a database whose key has ${key.length} columns` : 'a database without key'}, so that nobody knows what finds a user's row: say so as the sync's columns do, such as key: { cognito_user_id: ColumnValue.sub() }`);
}
