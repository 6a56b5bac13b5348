import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CLIENT_METADATA_PREFIX, KEY_SOURCES, type ColumnPlan, type ColumnPlanOptions } from '../private/plan';

type Columns = Readonly<Record<string, ColumnPlan>>;

/** @throws a plain `Error` for what no request can ask a service for */
export function putColumns(columns: Columns): Columns {
  for (const [name, plan] of Object.entries(columns)) {
    if (optionsOf(plan).write !== 'whileNull') continue;
    throw new Error(`column ${JSON.stringify(name)} has ColumnWrite.WHILE_NULL, which no request to a user service can ask for: use ColumnWrite.ALWAYS, or ColumnWrite.ON_INSERT for a column that the application owns`);
  }
  return columns;
}

/**
 * Says whose changes are not sent. The time of the observation is that of the first one: as the last one it would tell the
 * consumer that what the service has is newer, each time anew.
 */
export function createdColumns(scope: Construct, columns: Columns): Columns {
  const changing = Object.entries(columns).filter(([, plan]) => mayChange(optionsOf(plan))).map(([name]) => name);
  if (changing.length > 0) {
    Annotations.of(scope).addInfoV2(
      'cognito-user-sync:createOnly',
      `changes of ${changing.join(', ')} are not sent: a POST to the user service makes a user, and who is there stays as they are; UserServiceMethod.PUT sends changes, too`,
    );
  }
  return Object.fromEntries(Object.entries(columns).map(([name, plan]) => [name, plan === 'observedAt' ? { from: plan, write: 'onInsert' } : plan]));
}

function mayChange({ from, write, immutable }: ColumnPlanOptions): boolean {
  return write !== 'onInsert' && !immutable && from !== undefined && from !== 'observedAt' && !KEY_SOURCES.includes(from) && !from.startsWith(CLIENT_METADATA_PREFIX);
}

function optionsOf(plan: ColumnPlan): ColumnPlanOptions {
  return typeof plan === 'string' ? { from: plan } : plan;
}
