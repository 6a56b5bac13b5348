import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer, type HttpAnswer } from './http-server';
import { SETTING_NAMES, TOLD_NAMES, type PoolDescription } from './user-pool-configuration';

/**
 * Answers `DescribeUserPool` and `UpdateUserPool` as Cognito does (JSON 1.1,
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html): what a request
 * leaves out goes back to its default, and what is told together is not always taken together. Our own, since moto and
 * cognito-local keep what is left out. It knows one pool and does not check values, nor the signature, only that the
 * request has one for this service. Where the documents do not say what is taken, it refuses.
 */
export interface UserPoolService {
  /** For `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`. */
  readonly url: string;
  readonly calls: readonly { readonly action: string; readonly parameters: Readonly<Record<string, unknown>> }[];
  /** As DescribeUserPool tells it; undefined for a pool that is gone. Somebody else may set it. */
  pool: PoolDescription | undefined;
  /** `DescribeUserPool` tells for so long how the pool was before. */
  lagMs: number;
  /** Before the next update, of which it makes a conflict. */
  meanwhile: (() => void) | undefined;
  /** After each update: what Cognito would change by itself. */
  afterwards: (() => void) | undefined;
  /** The next so many requests are refused with `TooManyRequestsException`. */
  throttled: number;
  /** What every update is refused for; AWS's own words. */
  denial: string | undefined;
  stop(): Promise<void>;
}

const DEFAULTS: PoolDescription = {
  Policies: { PasswordPolicy: { MinimumLength: 8, RequireUppercase: true, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true, TemporaryPasswordValidityDays: 7 } },
  DeletionProtection: 'INACTIVE',
  LambdaConfig: {},
  VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
  MfaConfiguration: 'OFF',
  EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
  AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
  UserPoolTags: {},
  UserPoolTier: 'ESSENTIALS',
  AcrConfiguration: { level1: { AcrValue: 'urn:cognito:level1' } },
};

/** "If you omit this parameter, Amazon Cognito keeps the existing configuration." */
const KEPT = 'DcrConfiguration';

const SIGNED_FOR_SERVICE = /^AWS4-HMAC-SHA256 Credential=[^,]+\/cognito-idp\/aws4_request/;

export async function startUserPoolService(userPoolId: string, pool: PoolDescription): Promise<UserPoolService> {
  const calls: { action: string; parameters: Record<string, unknown> }[] = [];
  let told: { readonly from: number; readonly pool: PoolDescription | undefined } = { from: 0, pool: undefined };

  function update({ UserPoolId: _, PoolName, ...given }: any): HttpAnswer {
    const before = service.pool!;
    const refused = refusalOf({ ...given, ...(PoolName && { PoolName }) });
    if (refused) return refuse('InvalidParameterException', refused);
    if (given.AcrConfiguration && given.UserPoolTier === 'LITE') return refuse('FeatureUnavailableInTierException', 'not in this plan');
    const kept = Object.fromEntries(Object.entries(before).filter(([name]) => TOLD_NAMES.includes(name) || name === KEPT));
    told = { from: performance.now() + service.lagMs, pool: before };
    service.pool = mirrored(structuredClone({ ...kept, ...DEFAULTS, ...given, Name: PoolName ?? before.Name, LastModifiedDate: Date.now() / 1000 }));
    service.afterwards?.();
    return answer(200, {});
  }

  const server = await startHttpServer(async (request, body) => {
    const action = String(request.headers['x-amz-target']).replace('AWSCognitoIdentityProviderService.', '');
    const parameters = JSON.parse(body);
    calls.push({ action, parameters });
    if (!SIGNED_FOR_SERVICE.test(request.headers.authorization ?? '')) return refuse('MissingAuthenticationTokenException', 'expected a signature for cognito-idp');
    if (service.throttled > 0) {
      service.throttled -= 1;
      return refuse('TooManyRequestsException', 'Rate exceeded');
    }
    if (parameters.UserPoolId !== userPoolId || !service.pool) return refuse('ResourceNotFoundException', `User pool ${parameters.UserPoolId} does not exist.`);
    if (action === 'DescribeUserPool') return answer(200, { UserPool: performance.now() < told.from ? told.pool : service.pool });
    if (action !== 'UpdateUserPool') return refuse('UnknownOperationException', `got ${action}`);
    await sleep(1);
    if (service.denial !== undefined) return refuse('AccessDeniedException', service.denial);
    if (service.meanwhile) {
      service.meanwhile();
      service.meanwhile = undefined;
      return refuse('ConcurrentModificationException', 'the pool is being changed');
    }
    return update(parameters);
  });

  const service: UserPoolService = {
    url: server.url, calls, pool, lagMs: 0, meanwhile: undefined, afterwards: undefined, throttled: 0, denial: undefined, stop: () => server.stop(),
  };
  return service;
}

function refusalOf(given: any): string | undefined {
  const unknown = Object.keys(given).filter((name) => !SETTING_NAMES.includes(name));
  if (unknown.length > 0) return `got ${unknown.join(', ')}, which UpdateUserPool does not have`;
  if (given.AdminCreateUserConfig?.UnusedAccountValidityDays !== undefined) return 'Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays';
  const old = ['EmailVerificationMessage', 'EmailVerificationSubject', 'SmsVerificationMessage'].filter((name) => given[name] !== undefined);
  if (old.length > 0 && given.VerificationMessageTemplate) return `got ${old.join(', ')} beside VerificationMessageTemplate`;
  if (given.SmsConfiguration?.EumsSms && given.SmsConfiguration.SnsCallerArn) return 'got both SnsCallerArn and EumsSms';
  const { PreTokenGeneration, PreTokenGenerationConfig } = given.LambdaConfig ?? {};
  if (PreTokenGeneration && PreTokenGenerationConfig && PreTokenGeneration !== PreTokenGenerationConfig.LambdaArn) return 'got two PreTokenGeneration';
  return undefined;
}

/** What Cognito also tells by an older name. */
function mirrored(pool: PoolDescription): PoolDescription {
  const { EmailMessage, EmailSubject, SmsMessage } = pool.VerificationMessageTemplate;
  return {
    ...pool,
    ...(EmailMessage && { EmailVerificationMessage: EmailMessage }),
    ...(EmailSubject && { EmailVerificationSubject: EmailSubject }),
    ...(SmsMessage && { SmsVerificationMessage: SmsMessage }),
    AdminCreateUserConfig: { ...pool.AdminCreateUserConfig, UnusedAccountValidityDays: pool.Policies.PasswordPolicy.TemporaryPasswordValidityDays },
  };
}

function refuse(type: string, message: string): HttpAnswer {
  return answer(400, { __type: type, message });
}

function answer(status: number, body: object): HttpAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() }, body: JSON.stringify(body) };
}
