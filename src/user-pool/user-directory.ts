import { aws_iam as iam, type aws_cognito as cognito } from 'aws-cdk-lib';

/**
 * Lets the role look users up in this pool, and in no other.
 *
 * The policy is made in the pool's scope: the pool's stack depends on the sync's, and a policy beside the role would
 * depend on the pool's in turn.
 */
export function allowReadingUsers(userPool: cognito.IUserPool, role: iam.IRole): void {
  new iam.Policy(userPool, 'CognitoUserSyncReadsUsers', {
    roles: [role],
    statements: [new iam.PolicyStatement({
      actions: ['cognito-idp:AdminGetUser', 'cognito-idp:ListUsers'],
      resources: [userPool.userPoolArn],
    })],
  });
}
