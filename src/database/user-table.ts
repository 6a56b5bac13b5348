import { Token } from 'aws-cdk-lib';
import { tableName } from '../private/identifiers';
import type { TablePlan } from '../private/plan';

/**
 * The table that holds one row per user.
 */
export interface UserTableProps {
  /**
   * Name of the table, with or without its schema: `users`, `public.users`, `"My Schema"."Users"`.
   *
   * Letters keep their case, as with ORMs; double quotes are needed around a name with other characters than letters,
   * digits, `_` and `$`. Without a schema, the login's `search_path` decides. A token is checked at run time only.
   *
   * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
   */
  readonly table: string;

  /**
   * Columns that together tell one user's row from another's. The table needs a primary key or unique constraint on
   * exactly these columns. One of them is mapped from `sub`, and the others from what never changes: username, user pool
   * id, a constant.
   *
   * @see https://www.postgresql.org/docs/current/sql-insert.html#SQL-ON-CONFLICT
   * @default - the only column that is mapped from `sub`
   */
  readonly key?: string[];
}

export function tablePlan({ table, key }: UserTableProps): TablePlan {
  if (!Token.isUnresolved(table)) tableName(table);
  return { table, ...(key && { key }) };
}
