import { Duration, type aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { syncFunction } from './sync-function';
import type { DatabaseBinding } from '../database/database-binding';
import type { SyncPlan } from '../private/plan';

export interface InspectorFunctionProps {
  readonly columns: SyncPlan['columns'];
  readonly database: DatabaseBinding;
  readonly logGroup: logs.ILogGroup;
}

/** A login may be refused for a minute, and a database may have to wake up. */
export const INSPECTOR_TIMEOUT = Duration.minutes(3);

/**
 * Stands where the functions stand that write, and logs in as they do, so that what it finds is what they will find. At
 * deployment it creates the login, where that is asked for, and looks at the table; after that nobody calls it.
 */
export function inspectorFunction(scope: Construct, { columns, database, logGroup }: InspectorFunctionProps): lambda.Function {
  const { plan, creation, placement, certificates } = database;
  const fn = syncFunction(scope, 'Inspector', {
    description: 'Looks at the users table while cognito-user-sync is deployed',
    plan: { columns, database: plan, ...(creation && { creation: creation.plan }) },
    timeout: INSPECTOR_TIMEOUT,
    memorySize: 256,
    placement,
    certificates,
    logGroup,
  });
  database.connect(fn);
  creation?.reach(fn);
  return fn;
}
