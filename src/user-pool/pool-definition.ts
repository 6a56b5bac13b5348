import { createHash } from 'node:crypto';
import { Lazy, Stack, type aws_cognito as cognito } from 'aws-cdk-lib';

/** The pool as this app's template has it; undefined for an imported one. */
export function definitionOf(userPool: cognito.IUserPool): cognito.CfnUserPool | undefined {
  // By member: an app may hold two copies of aws-cdk-lib, and `instanceof` knows one.
  const child = userPool.node.defaultChild as cognito.CfnUserPool | undefined;
  return child?.cfnResourceType === 'AWS::Cognito::UserPool' ? child : undefined;
}

/** Of the role by which the pool sends SMS. */
export function smsRoleArnOf(definition: cognito.CfnUserPool | undefined): string | undefined {
  const { snsCallerArn } = (definition?.smsConfiguration ?? {}) as cognito.CfnUserPool.SmsConfigurationProperty;
  return snsCallerArn;
}

/**
 * Another one where the pool's definition is another. CloudFormation then sets the pool as its template has it, without
 * a trigger, and must be told to attach it again.
 */
export function definitionDigest(definition: cognito.CfnUserPool): string {
  // Not cached: references to other stacks are rendered in the end only.
  return Lazy.uncachedString({
    produce: () => createHash('sha256').update(JSON.stringify(Stack.of(definition).resolve(definition._toCloudFormation()))).digest('hex').slice(0, 16),
  });
}
