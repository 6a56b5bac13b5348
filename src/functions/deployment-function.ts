import { Duration, Stack, type aws_lambda as lambda, type aws_logs as logs, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { allow } from './allow';
import { INSPECTOR_TIMEOUT } from './inspector-function';
import { syncFunction } from './sync-function';
import { grantSecretRead } from '../database/secret-grant';

export interface DeploymentFunctionProps {
  readonly inspector: lambda.IFunction;
  /** Who creates the login; left out where it is there. */
  readonly administrator?: secretsmanager.ISecret;
  readonly logGroup: logs.ILogGroup;
}

/**
 * Answers CloudFormation, from outside the VPC: the answer goes to S3, where nothing may lead from inside. It alone may read
 * the administrator's secret.
 */
export function deploymentFunction(scope: Construct, { inspector, administrator, logGroup }: DeploymentFunctionProps): lambda.Function {
  const fn = syncFunction(scope, 'Deployment', {
    description: 'Tells CloudFormation what was found at the users table of cognito-user-sync',
    timeout: INSPECTOR_TIMEOUT.plus(Duration.minutes(1)),
    memorySize: 256,
    logGroup,
  });
  allow(fn, ['lambda:InvokeFunction'], inspector.functionArn);
  // Whether the stack is being rolled back, which must succeed.
  allow(fn, ['cloudformation:DescribeStacks'], Stack.of(scope).stackId);
  if (administrator) grantSecretRead(administrator, fn);
  return fn;
}
