import { Token } from 'aws-cdk-lib';
import { columnMapping } from '../columns/column-mapping';
import type { ColumnValue } from '../columns/column-value';
import type { DatabaseBinding } from '../database/database-binding';
import { checkCredentialPlace } from '../private/credential-place';
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
  const key = database.fitColumns?.(mapping) ?? mapping;
  if (Token.isUnresolved(column)) throw new Error('got a token as column, expected plain text: it is told from the columns of the key before deployment');
  checkCredentialPlace({ key, column, databaseKey: plan.key, names });
  return { key, column };
}
