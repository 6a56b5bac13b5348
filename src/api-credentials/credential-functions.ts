import { Annotations, Duration, Stack, type aws_cognito as cognito, type aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from '../database/database-binding';
import { allow } from '../functions/allow';
import { checkWholeNumber } from '../functions/concurrency';
import { whyClosed } from '../functions/layout';
import { syncFunction } from '../functions/sync-function';
import { CREDENTIALS_VARIABLE, type CredentialsPlan } from '../private/credentials-plan';

export interface CredentialFunctionsProps {
  readonly plan: CredentialsPlan;
  readonly userPool: cognito.IUserPool;
  readonly database: DatabaseBinding;
  readonly logGroup: logs.ILogGroup;
  readonly memorySize: number;
  readonly authorizerConcurrency?: number;
}

/** API Gateway waits no longer for an authorizer. */
const TIMEOUT = Duration.seconds(10);

/** Each with no more rights than it uses. In SQL both have those of the login; in DynamoDB the one that everybody on the internet reaches cannot write. */
export function credentialFunctions(scope: Construct, props: CredentialFunctionsProps): { readonly claim: lambda.Function; readonly authorizer: lambda.Function } {
  const { authorizerConcurrency } = props;
  if (authorizerConcurrency !== undefined) checkWholeNumber('authorizerConcurrency', authorizerConcurrency, 1, 1_000);
  warnOfClosedSubnets(scope, props.database);
  const claim = credentialFunction(scope, 'CredentialClaim', 'Gives users of a Cognito user pool their API credentials', props);
  props.database.connect(claim, ['write']);
  const authorizer = credentialFunction(scope, 'CredentialAuthorizer', 'Tells API Gateway whether an API credential is good', props, authorizerConcurrency);
  props.database.connect(authorizer, ['read']);
  return { claim, authorizer };
}

function credentialFunction(scope: Construct, name: 'CredentialClaim' | 'CredentialAuthorizer', description: string, props: CredentialFunctionsProps, reservedConcurrentExecutions?: number): lambda.Function {
  const { plan, userPool, database, logGroup, memorySize } = props;
  const fn = syncFunction(scope, name, {
    description,
    database: database.plan,
    environment: { [CREDENTIALS_VARIABLE]: Stack.of(scope).toJsonString(plan) },
    timeout: TIMEOUT,
    placement: database.placement,
    certificates: database.certificates,
    logGroup,
    memorySize,
    reservedConcurrentExecutions,
  });
  allow(fn, ['cognito-idp:AdminGetUser'], userPool.userPoolArn);
  return fn;
}

/** An interface endpoint may be there without the app knowing it, so this is no error. */
function warnOfClosedSubnets(scope: Construct, { placement }: DatabaseBinding): void {
  const closed = placement && whyClosed(placement);
  if (closed === undefined) return;
  Annotations.of(scope).addWarningV2(
    'cognito-user-sync:unreachableCognito',
    `the functions run inside VPC ${placement!.vpc.node.path}, from where they must reach Cognito, and ${closed}: choose subnets with egress, or add an interface endpoint for cognito-idp to the VPC and acknowledge this warning`,
  );
}
