import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, aws_iam as iam, aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { VpcPlacement } from '../database/vpc-placement';

export interface TriggerFunctionProps {
  readonly environment: Record<string, string>;
  readonly placement?: VpcPlacement;
  readonly logGroup: logs.ILogGroup;
  /** In MB. */
  readonly memorySize: number;
}

/** Built with the package: users of the construct need no bundler. */
const CODE = join(__dirname, '..', '..', 'assets', 'trigger');

/** The prebuilt function that Cognito calls. */
export function triggerFunction(scope: Construct, { environment, placement, logGroup, memorySize }: TriggerFunctionProps): lambda.Function {
  if (!existsSync(join(CODE, 'index.js'))) {
    throw new Error(`got no prebuilt function in ${CODE}, which the package brings along: install cognito-user-sync again, or run npm run bundle in its own repository`);
  }
  return new lambda.Function(scope, 'TriggerFunction', {
    description: 'Writes confirmed users of a Cognito user pool to a table',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code: lambda.Code.fromAsset(CODE),
    handler: 'index.handler',
    environment,
    memorySize,
    // Cognito waits no longer, and that cannot be changed:
    // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
    timeout: Duration.seconds(5),
    loggingFormat: lambda.LoggingFormat.JSON,
    logGroup,
    role: functionRole(scope, logGroup, placement),
    ...placement,
  });
}

/** AWS's managed policies would allow to write every log group of the account. */
function functionRole(scope: Construct, logGroup: logs.ILogGroup, placement: VpcPlacement | undefined): iam.Role {
  const role = new iam.Role(scope, 'TriggerRole', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  logGroup.grantWrite(role);
  if (placement) role.addToPolicy(networkInterfaces());
  return role;
}

/**
 * A function in a VPC gets its network interfaces by its own role, and Lambda asks for all resources:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function networkInterfaces(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
