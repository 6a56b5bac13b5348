import { columnName, tableName } from '../../src/private/identifiers';
import type { ColumnPlan, ColumnPlanOptions } from '../../src/private/plan';
import { ConfigurationError } from '../errors';
import { rowMapping } from '../mapping/row-mapping';
import type { Column } from '../user-row';

/** The table and the mapping, in the plan's words. */
export interface CheckTarget {
  readonly table: string;
  /** @default - the only column that is mapped from `sub` */
  readonly key?: readonly string[];
  readonly columns: Readonly<Record<string, ColumnPlan>>;
}

/** The same, read: names without their quotes. */
export interface Target {
  readonly schema?: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly MappedColumn[];
}

export interface MappedColumn extends Column {
  readonly plan: ColumnPlanOptions;
  readonly isKey: boolean;
}

/** @throws ConfigurationError where the functions would refuse it, too */
export function readTarget({ table, key, columns }: CheckTarget): Target {
  const mapping = rowMapping(columns, { key });
  const plans = new Map(Object.entries(columns).map(([written, plan]) => [columnName(written), optionsOf(plan)]));
  return {
    ...readTable(table),
    key: mapping.key,
    columns: mapping.columns.map((column) => ({ ...column, plan: plans.get(column.name)!, isKey: mapping.key.includes(column.name) })),
  };
}

/** JSON may have a constant that is no text. */
function optionsOf(plan: ColumnPlan): ColumnPlanOptions {
  if (typeof plan === 'string') return { from: plan };
  return plan.constant === undefined ? plan : { ...plan, constant: String(plan.constant) };
}

function readTable(written: string): { readonly schema?: string; readonly table: string } {
  try {
    return tableName(written);
  } catch (refused) {
    throw new ConfigurationError((refused as Error).message);
  }
}
