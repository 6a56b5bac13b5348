import { createHash } from 'node:crypto';
import { CustomResource, Duration, Stack, Token, aws_iam as iam, aws_lambda as lambda, type aws_cognito as cognito, type CfnResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { type AttachedTrigger, checkPlace } from './attached-trigger';
import { definitionDigest, definitionOf, smsRoleArnOf } from './pool-definition';
import { renderedProperties } from '../database/rendered-properties';
import { allow } from '../functions/allow';
import { syncFunction } from '../functions/sync-function';

interface AttachmentResourceProps extends AttachedTrigger {
  readonly smsRole?: iam.IRole;
}

const TIMEOUT = Duration.minutes(2);

const COGNITO = 'cognito-idp.amazonaws.com';

/**
 * Has the pool call the trigger function without a word in the pool's own template. Everything stands beside the sync,
 * and references run from it to the pool alone.
 *
 * Everything about one pool stands in a construct of its own, so that for another pool all of it is new: what is old is
 * deleted afterwards, the attachment before the permissions that this takes.
 *
 * @throws a plain `Error` for a pool that a function of this account and Region cannot be the trigger of
 */
export function attachByCustomResource(sync: Construct, { userPool, trigger, logGroup, smsRole, after }: AttachmentResourceProps): CfnResource {
  checkPlace(sync, userPool);
  const definition = definitionOf(userPool);
  if (definition) refuseOtherTrigger(sync, definition);
  const place = new Construct(sync, `Pool${digest(userPool)}`);
  // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
  const permission = new lambda.CfnPermission(place, 'InvokesTrigger', {
    action: 'lambda:InvokeFunction',
    functionName: trigger.functionArn,
    principal: COGNITO,
    sourceArn: userPool.userPoolArn,
    sourceAccount: userPool.env.account,
  });
  const fn = syncFunction(sync, 'Attachment', {
    description: 'Attaches the trigger of cognito-user-sync to a user pool, for CloudFormation',
    timeout: TIMEOUT,
    memorySize: 256,
    logGroup,
  });
  // Whether the stack is being rolled back, which must succeed.
  allow(fn, ['cloudformation:DescribeStacks'], Stack.of(sync).stackId);
  // Whether somebody else attaches the same function, so that it must stay.
  allow(fn, ['lambda:GetPolicy'], trigger.functionArn);
  const policy = new iam.Policy(place, 'MayAttach', { roles: [fn.role!], statements: statements(userPool, smsRole?.roleArn ?? smsRoleArnOf(definition)) });
  const resource = new CustomResource(place, 'TriggerAttachment', {
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
  resource.node.addDependency(permission, policy, trigger, trigger.role!, fn, fn.role!, ...(after ? [after] : []));
  return resource.node.defaultChild as CfnResource;
}

function statements({ userPoolArn }: cognito.IUserPool, smsRoleArn: string | undefined): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({ actions: ['cognito-idp:DescribeUserPool', 'cognito-idp:UpdateUserPool'], resources: [userPoolArn] }),
    ...(smsRoleArn === undefined ? [] : [new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [smsRoleArn], conditions: { StringEquals: { 'iam:PassedToService': COGNITO } } })]),
  ];
}

/** Of a pool by its id, or of the construct whose id is known at deployment only. */
function digest({ userPoolId, node }: cognito.IUserPool): string {
  return createHash('sha256').update(Token.isUnresolved(userPoolId) ? node.addr : userPoolId).digest('hex').slice(0, 8);
}

/** The two would take turns: CloudFormation sets the pool as its template has it, and is told nothing of ours. */
function refuseOtherTrigger(sync: Construct, definition: cognito.CfnUserPool): void {
  sync.node.addValidation({
    validate: () => {
      const { LambdaConfig: triggers } = renderedProperties(definition) as { LambdaConfig?: { PostConfirmation?: unknown } };
      return triggers?.PostConfirmation === undefined ? [] : [`got user pool ${definition.node.scope!.node.path}, which has a post-confirmation trigger in its template, with TriggerAttachment.customResource(): remove that trigger, or run both in one function of your own, by compose() from 'cognito-user-sync/handler'`];
    },
  });
}
