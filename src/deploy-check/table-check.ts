import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, CustomResource, Stack, type aws_lambda as lambda, type aws_logs as logs, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DeployCheck } from './deploy-check';
import type { DatabaseBinding } from '../database/database-binding';
import { deploymentFunction } from '../functions/deployment-function';
import { INSPECTOR_TIMEOUT, inspectorFunction } from '../functions/inspector-function';
import { CHECK_RESOURCE, type CheckProperties, isSql, type SyncPlan } from '../private/plan';

export interface TableCheckProps {
  readonly check: DeployCheck;
  readonly columns: SyncPlan['columns'];
  readonly database: DatabaseBinding;
  readonly logGroup: logs.ILogGroup;
}

export interface TableCheck {
  readonly inspector: lambda.Function;
  /** Left out where it never fails. */
  readonly gate?: CfnResource;
}

/**
 * Creates the login where that is asked for, and checks the table, after the database stands.
 *
 * @returns the function that looks, and what the trigger must wait for
 * @throws a plain `Error` where a login is to be created and nothing is to be done at deployment
 */
export function tableCheck(scope: Construct, { check, columns, database, logGroup }: TableCheckProps): TableCheck | undefined {
  const mode = check._mode();
  const { plan, placement, creation, dependencies } = database;
  if (mode === undefined) {
    if (creation) throw new Error('got check: DeployCheck.none() with DatabaseLogin.created(), whose login the same function creates, expected DeployCheck.warn() or fail(): take check out, or use DatabaseLogin.iam() with a login that is there');
    return undefined;
  }
  if (!isSql(plan)) {
    if (mode === 'fail') throw new Error('got check: DeployCheck.fail() for a database that no function can look at, expected one of PostgreSQL: take check out');
    return undefined;
  }
  if (plan.kind === 'dsql' && mode === 'fail') {
    Annotations.of(scope).addWarningV2('cognito-user-sync:dsqlFirstDeployment', 'DeployCheck.fail() fails the first deployment: Aurora DSQL lets a role in that was granted to its user (AWS IAM GRANT), and the inspector\'s role is not known before. Deploy with DeployCheck.warn() first, grant the roles, and then acknowledge this warning');
  }
  const inspector = inspectorFunction(scope, { columns, database, logGroup });
  const deployment = deploymentFunction(scope, { inspector, administrator: creation?.administrator, logGroup });
  const properties: CheckProperties = {
    Mode: mode,
    Inspector: inspector.functionName,
    ...(creation && { Administrator: creation.administrator.secretArn }),
    // What CloudFormation compares, to see whether it must be checked again.
    Checked: Stack.of(scope).toJsonString({ version: VERSION, columns, database: plan, creation: creation?.plan, ...surroundings(database) }),
  };
  const resource = new CustomResource(scope, 'Check', {
    resourceType: CHECK_RESOURCE,
    serviceToken: deployment.functionArn,
    serviceTimeout: INSPECTOR_TIMEOUT.plus(INSPECTOR_TIMEOUT),
    properties,
  });
  // The policies and the network between the two, and the writer of a cluster, are nowhere in what it refers to.
  resource.node.addDependency(inspector, inspector.role!, deployment.role!, ...placement?.securityGroups ?? [], ...dependencies);
  // Where a deployment may fail, no user is to come before it: its queue would go with it.
  return { inspector, ...(mode === 'fail' && { gate: resource.node.defaultChild as CfnResource }) };
}

/** What else decides whether the functions can connect. */
function surroundings({ certificates, placement }: DatabaseBinding): object {
  return {
    certificates: certificates && createHash('sha256').update(certificates).digest('hex').slice(0, 16),
    subnets: placement?.vpc.selectSubnets(placement.vpcSubnets).subnetIds,
    securityGroups: placement?.securityGroups.map(({ securityGroupId }) => securityGroupId),
  };
}

/** Another version may look at more. */
const { version: VERSION } = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string };
