import { CustomResource, Duration, Stack, Token, TokenComparison, aws_iam as iam, aws_lambda as lambda, type aws_cognito as cognito, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { definitionDigest, definitionOf, smsRoleArnOf } from './pool-definition';
import { allow } from '../functions/allow';
import { syncFunction } from '../functions/sync-function';

export interface AttachedTrigger {
  readonly userPool: cognito.IUserPool;
  readonly trigger: lambda.Function;
  readonly logGroup: logs.ILogGroup;
}

interface AttachmentResourceProps extends AttachedTrigger {
  readonly smsRole?: iam.IRole;
}

const TIMEOUT = Duration.minutes(2);

const COGNITO = 'cognito-idp.amazonaws.com';

/**
 * Has the pool call the trigger function without a word in the pool's own template. Everything stands beside the sync,
 * and references run from it to the pool alone.
 *
 * @throws a plain `Error` for a pool that a function of this account and Region cannot be the trigger of
 */
export function attachByCustomResource(sync: Construct, { userPool, trigger, logGroup, smsRole }: AttachmentResourceProps): void {
  checkPlace(sync, userPool);
  const definition = definitionOf(userPool);
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
  const permission = new lambda.CfnPermission(sync, 'UserPoolInvokesTrigger', {
    action: 'lambda:InvokeFunction',
    functionName: trigger.functionArn,
    principal: COGNITO,
    sourceArn: userPool.userPoolArn,
    sourceAccount: userPool.env.account,
  });
  const fn = attachmentFunction(sync, userPool, smsRole?.roleArn ?? smsRoleArnOf(definition), logGroup);
  const resource = new CustomResource(sync, 'TriggerAttachment', {
    resourceType: 'Custom::CognitoUserSyncTrigger',
    serviceToken: fn.functionArn,
    // Lambda tries twice more where the function could not answer.
    serviceTimeout: Duration.minutes(15),
    properties: {
      UserPoolId: userPool.userPoolId,
      FunctionArn: trigger.functionArn,
      ...(definition && { UserPoolDefinition: definitionDigest(definition) }),
    },
  });
  // What is needed to sign up, and to take the trigger away, is there before and until after; it is nowhere in what it refers to.
  resource.node.addDependency(permission, trigger, trigger.role!, fn, fn.role!);
}

function attachmentFunction(sync: Construct, userPool: cognito.IUserPool, smsRoleArn: string | undefined, logGroup: logs.ILogGroup): lambda.Function {
  const fn = syncFunction(sync, 'Attachment', {
    description: 'Attaches the trigger of cognito-user-sync to a user pool, for CloudFormation',
    timeout: TIMEOUT,
    memorySize: 256,
    logGroup,
  });
  allow(fn, ['cognito-idp:DescribeUserPool', 'cognito-idp:UpdateUserPool'], userPool.userPoolArn);
  // Whether the stack is being rolled back, which must succeed.
  allow(fn, ['cloudformation:DescribeStacks'], Stack.of(sync).stackId);
  if (smsRoleArn !== undefined) {
    fn.addToRolePolicy(new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [smsRoleArn], conditions: { StringEquals: { 'iam:PassedToService': COGNITO } } }));
  }
  return fn;
}

function checkPlace(sync: Construct, { env, node }: cognito.IUserPool): void {
  const { account, region } = Stack.of(sync);
  for (const [what, got, expected] of [['account', env.account, account], ['Region', env.region, region]]) {
    if (Token.compareStrings(got, expected) === TokenComparison.DIFFERENT) {
      throw new Error(`got user pool ${node.path} of ${what} ${got}, expected the sync's own ${what} ${expected}: define the sync in a stack of the pool's account and Region`);
    }
  }
}
