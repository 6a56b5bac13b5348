import { aws_iam as iam, type aws_cognito as cognito } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Lets the role look users up in this pool, and in no other.
 *
 * @param scope where what names the pool stands: where the pool's stack depends on the sync's, a policy beside the role
 * would depend on the pool's in turn
 */
export function allowReadingUsers(scope: Construct, userPool: cognito.IUserPool, role: iam.IRole): void {
  new iam.Policy(scope, 'CognitoUserSyncReadsUsers', {
    roles: [role],
    statements: [new iam.PolicyStatement({
      actions: ['cognito-idp:AdminGetUser', 'cognito-idp:ListUsers'],
      resources: [userPool.userPoolArn],
    })],
  });
}
