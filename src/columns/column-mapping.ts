import { Token } from 'aws-cdk-lib';
import type { ColumnValue } from './column-value';
import { columnNamed } from '../private/column-names';
import { keyNames, type KeyCandidate, type KeyedTable } from '../private/key-rule';
import { canonicalText, expectation } from '../private/kind-rules';
import type { ColumnPlan, ColumnPlanOptions } from '../private/plan';

interface MappedColumn {
  readonly written: string;
  /** Without quotes, as the database knows it. */
  readonly name: string;
  readonly plan: ColumnPlan;
}

/**
 * The mapping as a whole: every rule that one column alone cannot break.
 *
 * @returns column, as it was written → its plan
 * @throws a plain `Error` that says what was got, what is expected and how to mend it
 */
export function columnMapping(values: { readonly [column: string]: ColumnValue }, table: KeyedTable = {}): Record<string, ColumnPlan> {
  const columns = Object.entries(values).map(([written, value]) => ({ written, name: checkedName(written, table), plan: columnPlan(written, value) }));
  if (columns.length === 0) {
    throw new Error('got no columns, expected at least the column that holds the user\'s id: map one, such as cognito_user_id, from ColumnValue.sub()');
  }
  for (const [index, { name, written }] of columns.entries()) {
    const first = columns.findIndex((column) => column.name === name);
    if (first !== index) {
      throw new Error(`got columns ${JSON.stringify(columns[first].written)} and ${JSON.stringify(written)}, which are one column in PostgreSQL: map it once`);
    }
  }
  checkKey(columns, table);
  return Object.fromEntries(columns.map(({ written, plan }) => [written, plan]));
}

function checkedName(written: string, { names = 'sql' }: KeyedTable): string {
  if (Token.isUnresolved(written)) {
    throw new Error('got a token as column name, expected plain text: two columns of one name could not be told apart before deployment');
  }
  return columnNamed(written, names);
}

function columnPlan(written: string, value: ColumnValue): ColumnPlan {
  const column = `column ${JSON.stringify(written)}`;
  if (typeof value?._plan !== 'function') {
    throw new Error(`${column}: got ${JSON.stringify(value)}, expected a ColumnValue: use ColumnValue.attribute('email') and the like`);
  }
  try {
    return checkedTexts(value._plan());
  } catch (error) {
    throw new Error(`${column}: ${(error as Error).message}`, { cause: error });
  }
}

/** A constant, fallback or prefix that does not fit would make every user unwritable. */
function checkedTexts(plan: ColumnPlan): ColumnPlan {
  const { kind = 'text', constant, fallback, prefix }: ColumnPlanOptions = typeof plan === 'string' ? {} : plan;
  for (const [what, text] of Object.entries({ constant, fallback, prefix })) {
    if (text !== undefined && !Token.isUnresolved(text) && canonicalText(kind, text) === undefined) {
      throw new Error(`got ${what} ${JSON.stringify(text)}, expected ${expectation(kind)}, which its kind asks for`);
    }
  }
  return plan;
}

function checkKey(columns: readonly MappedColumn[], table: KeyedTable): void {
  const candidates = columns.map(({ written, name, plan }): KeyCandidate => {
    const { from, constant, immutable, write }: ColumnPlanOptions = typeof plan === 'string' ? { from: plan } : plan;
    return { written, name, source: from, constant, isImmutable: immutable, write };
  });
  keyNames(candidates, { ...table, key: table.key?.map((written) => checkedName(written, table)) });
}
