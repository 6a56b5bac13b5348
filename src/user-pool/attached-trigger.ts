import { Stack, Token, TokenComparison, type aws_cognito as cognito, type aws_lambda as lambda, type aws_logs as logs, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** A trigger function, and the pool that is to call it. */
export interface AttachedTrigger {
  readonly userPool: cognito.IUserPool;
  readonly trigger: lambda.Function;
  readonly logGroup: logs.ILogGroup;
  /** What may fail the deployment, and is waited for. */
  readonly after?: CfnResource;
}

/** @throws a plain `Error` for a pool that a function of this account and Region cannot be the trigger of */
export function checkPlace(sync: Construct, { env, node, userPoolId }: cognito.IUserPool): void {
  const { account, region } = Stack.of(sync);
  // An imported pool is taken for one of the stack's Region, and its id says which it is in.
  const poolRegion = Token.isUnresolved(userPoolId) ? env.region : userPoolId.split('_')[0];
  for (const [what, got, expected] of [['account', env.account, account], ['Region', poolRegion, region]]) {
    if (Token.compareStrings(got, expected) === TokenComparison.DIFFERENT) {
      throw new Error(`got user pool ${node.path} of ${what} ${got}, expected the sync's own ${what} ${expected}: define the sync in a stack of the pool's account and Region`);
    }
  }
}
