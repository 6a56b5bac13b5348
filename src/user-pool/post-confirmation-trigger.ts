import { Stack, aws_cognito as cognito, type aws_lambda as lambda, type CfnResource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type AttachedTrigger, checkPlace } from './attached-trigger';

/** The id that `UserPool.addTrigger` gives the permission to call the function. */
const PERMISSION = 'PostConfirmationCognito';

/**
 * Has the pool call the function for every confirmed user.
 *
 * @throws a plain `Error` for a pool of another app, and for one that has such a trigger already
 */
export function attachPostConfirmationTrigger(sync: Construct, { userPool, trigger: fn, after }: AttachedTrigger): undefined {
  checkPlace(sync, userPool);
  if (!takesTriggers(userPool)) {
    throw new Error(`got imported user pool ${userPool.node.path}, whose triggers only the app that owns it can set: pass attach: TriggerAttachment.customResource(), define the sync in that app, or use createPostConfirmationHandler from 'cognito-user-sync/handler' in a function of your own and set that as the pool's post-confirmation trigger`);
  }
  try {
    userPool.addTrigger(cognito.UserPoolOperation.POST_CONFIRMATION, fn);
  } catch (error) {
    if (!(error as Error).message.includes('already exists')) throw error;
    throw new Error(`got user pool ${userPool.node.path}, which has a post-confirmation trigger already, and Cognito calls one function per trigger: remove that trigger, or run both in one function of your own, by compose() from 'cognito-user-sync/handler'`, { cause: error });
  }
  // The CDK names the pool alone; AWS names its account too:
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
  const permission = userPool.node.findChild(PERMISSION) as lambda.CfnPermission;
  permission.sourceAccount = userPool.env.account;
  // In another stack the pool waits for all of the sync's.
  if (after && Stack.of(userPool) === Stack.of(sync)) (userPool.node.defaultChild as CfnResource).addDependency(after);
  return undefined;
}

/** By member: an app may hold two copies of aws-cdk-lib, and `instanceof` knows one. */
function takesTriggers(userPool: cognito.IUserPool): userPool is cognito.UserPool {
  return 'addTrigger' in userPool;
}
