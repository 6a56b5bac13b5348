import { Token } from 'aws-cdk-lib';
import type { ColumnValue } from './column-value';
import { columnNamed } from '../private/column-names';
import { canonicalText, expectation } from '../private/kind-rules';
import { KEY_SOURCES, type ColumnNames, type ColumnPlan, type ColumnPlanOptions } from '../private/plan';

/** What a mapping must know of the table. */
export interface MappedTable {
  readonly key?: readonly string[];
  /** @default 'sql' */
  readonly names?: ColumnNames;
  /** Whether the store itself keeps a user from writing another one's row, so that the key may do without `sub`. */
  readonly isGuarded?: boolean;
}

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
export function columnMapping(values: { readonly [column: string]: ColumnValue }, table: MappedTable = {}): Record<string, ColumnPlan> {
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

function checkedName(written: string, { names = 'sql' }: MappedTable): string {
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

/** A constant or fallback that does not fit would make every user unwritable. */
function checkedTexts(plan: ColumnPlan): ColumnPlan {
  const { kind = 'text', constant, fallback }: ColumnPlanOptions = typeof plan === 'string' ? {} : plan;
  for (const [what, text] of Object.entries({ constant, fallback })) {
    if (text !== undefined && !Token.isUnresolved(text) && canonicalText(kind, text) === undefined) {
      throw new Error(`got ${what} ${JSON.stringify(text)}, expected ${expectation(kind)}, which its kind asks for`);
    }
  }
  return plan;
}

function checkKey(columns: readonly MappedColumn[], table: MappedTable): void {
  const { key, isGuarded = false } = table;
  const subs = columns.filter(({ plan }) => sourceOf(plan) === 'sub').map(({ written }) => written);
  if (subs.length === 0) {
    throw new Error('got no column for the user\'s id, which tells one user from another: map one, such as cognito_user_id, from ColumnValue.sub()');
  }
  if (key === undefined && subs.length > 1) {
    throw new Error(`got ${subs.length} columns mapped from sub (${subs.join(', ')}), and any of them may be the key: say which with key, such as key: [${JSON.stringify(subs[0])}]`);
  }
  const keyNames = (key ?? subs).map((written) => checkedName(written, table));
  for (const [index, name] of keyNames.entries()) {
    if (keyNames.indexOf(name) !== index) {
      throw new Error(`got key column ${JSON.stringify(name)} twice: name it once`);
    }
    checkKeyColumn(name, columns.find((column) => column.name === name)?.plan);
  }
  const isUsers = (source: string | undefined) => source === 'sub' || (isGuarded && source !== undefined && source !== 'userPoolId');
  if (!columns.some(({ name, plan }) => keyNames.includes(name) && isUsers(sourceOf(plan)))) {
    throw new Error(`got key (${keyNames.join(', ')}), which two users may share: only sub belongs to one user for ever, so add the column that is mapped from it (${subs.join(', ')})`);
  }
}

function checkKeyColumn(name: string, plan: ColumnPlan | undefined): void {
  const column = `key column ${JSON.stringify(name)}`;
  if (plan === undefined) {
    throw new Error(`${column} is not in columns: map it there, or take it out of key`);
  }
  const source = sourceOf(plan);
  const { write, immutable }: ColumnPlanOptions = typeof plan === 'string' ? {} : plan;
  if (source !== undefined && !KEY_SOURCES.includes(source) && !immutable) {
    throw new Error(`${column} is mapped from ${source}, which may change or be unknown, and a second row would follow: map it from sub, username, the user pool's id, a constant or an attribute that nobody can change (immutable: true), or take it out of key`);
  }
  if (write !== undefined) {
    throw new Error(`${column} has write ${JSON.stringify(write)}, expected ColumnWrite.ALWAYS: a key column is what a row is found by, so leave write out`);
  }
}

function sourceOf(plan: ColumnPlan): string | undefined {
  return typeof plan === 'string' ? plan : plan.from;
}
