import { Token } from 'aws-cdk-lib';
import { columnMapping } from '../columns/column-mapping';
import type { ColumnValue } from '../columns/column-value';
import type { DatabaseBinding } from '../database/database-binding';
import { columnNamed } from '../private/column-names';
import { checkCredentialKey } from '../private/credential-key-rule';
import type { CredentialsPlan } from '../private/credentials-plan';

/**
 * What finds a user's row, and the column that is read and written there.
 *
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function credentialColumns(column: string, values: { readonly [column: string]: ColumnValue }, database: DatabaseBinding): Pick<CredentialsPlan, 'key' | 'column'> {
  const { plan, names = 'sql' } = database;
  if (!values) throw new Error("got no key, so that nobody knows what finds a user's row: say so as the sync's columns do, such as key: { cognito_user_id: ColumnValue.sub() }");
  const mapping = columnMapping(values, { names, key: plan.key ?? Object.keys(values) });
  const own = plan.key?.map((written) => columnNamed(written, names));
  const other = Object.keys(mapping).find((written) => own && !own.includes(columnNamed(written, names)));
  if (other !== undefined) {
    throw new Error(`key column ${JSON.stringify(other)} is not in the key of the database, which is (${own!.join(', ')}): map that key and no more`);
  }
  const key = database.fitColumns?.(mapping) ?? mapping;
  checkCredentialKey(key);
  if (Token.isUnresolved(column)) throw new Error('got a token as column, expected plain text: it is told from the columns of the key before deployment');
  const name = columnNamed(column, names);
  if (Object.keys(key).some((written) => columnNamed(written, names) === name)) {
    throw new Error(`got column ${JSON.stringify(column)}, which is in the key: name a column of its own, which the sync does not map`);
  }
  return { key, column };
}
