import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CustomResource, Stack, type aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeployCheck } from './deploy-check';
import type { DatabaseBinding } from '../database/database-binding';
import { deploymentFunction } from '../functions/deployment-function';
import { INSPECTOR_TIMEOUT, inspectorFunction } from '../functions/inspector-function';
import { CHECK_RESOURCE, type CheckProperties, type SyncPlan } from '../private/plan';

export interface TableCheckProps {
  readonly check: DeployCheck;
  readonly columns: SyncPlan['columns'];
  readonly database: DatabaseBinding;
  readonly logGroup: logs.ILogGroup;
}

/**
 * Creates the login where that is asked for, and checks the table, after the database stands.
 *
 * @returns the function that looks
 * @throws a plain `Error` where a login is to be created and nothing is to be done at deployment
 */
export function tableCheck(scope: Construct, { check, columns, database, logGroup }: TableCheckProps): lambda.Function | undefined {
  const mode = check._mode();
  const { plan, placement, creation, dependencies } = database;
  if (mode === undefined) {
    if (creation) throw new Error('got check: DeployCheck.none() with DatabaseLogin.created(), whose login the same function creates, expected DeployCheck.warn() or fail(): take check out, or use DatabaseLogin.iam() with a login that is there');
    return undefined;
  }
  const inspector = inspectorFunction(scope, { columns, database, logGroup });
  const deployment = deploymentFunction(scope, { inspector, administrator: creation?.administrator, logGroup });
  const properties: CheckProperties = {
    Mode: mode,
    Inspector: inspector.functionName,
    ...(creation && { Administrator: creation.administrator.secretArn }),
    // What CloudFormation compares, to see whether it must be checked again.
    Checked: Stack.of(scope).toJsonString({ version: VERSION, columns, database: plan, creation: creation?.plan }),
  };
  const resource = new CustomResource(scope, 'Check', {
    resourceType: CHECK_RESOURCE,
    serviceToken: deployment.functionArn,
    serviceTimeout: INSPECTOR_TIMEOUT.plus(INSPECTOR_TIMEOUT),
    properties,
  });
  // The policies and the network between the two, and the writer of a cluster, are nowhere in what it refers to.
  resource.node.addDependency(inspector, inspector.role!, deployment.role!, ...placement?.securityGroups ?? [], ...dependencies);
  return inspector;
}

/** Another version may look at more. */
const { version: VERSION } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
