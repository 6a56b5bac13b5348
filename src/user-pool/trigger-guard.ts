import { Duration, aws_events as events, aws_events_targets as targets, aws_iam as iam, type aws_cognito as cognito, type aws_lambda as lambda, type aws_logs as logs, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { syncFunction } from '../functions/sync-function';

export interface TriggerGuardProps {
  /** Where what names the pool stands. */
  readonly scope: Construct;
  readonly userPool: cognito.IUserPool;
  readonly trigger: lambda.IFunction;
  readonly logGroup: logs.ILogGroup;
  /** What attaches the trigger: it would be missed before. */
  readonly after?: CfnResource;
}

/** Looks every hour whether the pool still calls the trigger function, and counts where it does not. */
export function triggerGuard(sync: Construct, { scope, userPool, trigger, logGroup, after }: TriggerGuardProps): lambda.Function {
  const guard = syncFunction(sync, 'Guard', {
    description: 'Looks whether a Cognito user pool still calls the trigger of cognito-user-sync',
    timeout: Duration.seconds(30),
    memorySize: 128,
    logGroup,
  });
  new iam.Policy(scope, 'CognitoUserSyncReadsTrigger', {
    roles: [guard.role!],
    statements: [new iam.PolicyStatement({ actions: ['cognito-idp:DescribeUserPool'], resources: [userPool.userPoolArn] })],
  });
  // A rule invokes by a permission of the function's: EventBridge Scheduler would need a role, which the CDK gives a wildcard.
  const rule = new events.Rule(scope, 'CognitoUserSyncGuard', {
    description: 'Looks whether the user pool still calls the trigger of cognito-user-sync',
    schedule: events.Schedule.rate(Duration.hours(1)),
    targets: [new targets.LambdaFunction(guard, {
      event: events.RuleTargetInput.fromObject({ userPoolId: userPool.userPoolId, functionArn: trigger.functionArn }),
    })],
  });
  if (after) rule.node.addDependency(after);
  return guard;
}
