import { aws_iam as iam, aws_lambda as lambda, type Duration, type aws_logs as logs, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { planEnvironment } from './plan-environment';
import { type FunctionName, prebuiltCode } from './prebuilt-code';
import type { VpcPlacement } from '../database/vpc-placement';
import type { DatabasePlan, SyncPlan } from '../private/plan';

export interface SyncFunctionProps {
  readonly description: string;
  /** Left out for a function that is told with each event what to do, or by a plan of its own. */
  readonly plan?: SyncPlan;
  /** @default - the plan's database */
  readonly database?: DatabasePlan;
  /** @default - the plan */
  readonly environment?: { readonly [variable: string]: string };
  /** Certificate authorities of the user's own, as PEM. */
  readonly certificates?: string;
  readonly timeout: Duration;
  /** In MB. */
  readonly memorySize: number;
  readonly logGroup: logs.ILogGroup;
  /** Left out for a function that runs in no VPC. */
  readonly placement?: VpcPlacement;
  readonly reservedConcurrentExecutions?: number;
}

/** What all functions of a sync have in common. */
export function syncFunction(scope: Construct, name: FunctionName, { plan, database = plan?.database, placement, certificates, ...props }: SyncFunctionProps): lambda.Function {
  return new lambda.Function(scope, `${name}Function`, {
    environment: plan && planEnvironment(scope, plan),
    ...props,
    ...placement,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: prebuiltCode(name, database?.kind, certificates),
    handler: 'index.handler',
    loggingFormat: lambda.LoggingFormat.JSON,
    role: functionRole(scope, `${name}Role`, props.logGroup, placement),
  });
}

/** Its own statements alone: AWS's managed policies would allow to write every log group of the account. */
function functionRole(scope: Construct, id: string, logGroup: logs.ILogGroup, placement: VpcPlacement | undefined): iam.Role {
  const role = new iam.Role(scope, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  if (placement) allowNetworkInterfaces(role);
  return role;
}

/**
 * A function in a VPC gets its network interfaces by its own role, and Lambda asks for all resources:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 *
 * A policy of its own, so that what is acknowledged is acknowledged for nothing else.
 */
function allowNetworkInterfaces(role: iam.Role): void {
  const policy = new iam.Policy(role, 'NetworkInterfaces', {
    roles: [role],
    statements: [new iam.PolicyStatement({
      actions: [
        'ec2:AssignPrivateIpAddresses',
        'ec2:CreateNetworkInterface',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
    })],
  });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'Lambda creates a function\'s network interfaces by the function\'s role, and accepts that permission for all resources only',
  });
}
