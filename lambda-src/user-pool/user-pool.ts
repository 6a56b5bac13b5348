import type { UserPoolDescription, UserPoolSettings } from './settings';
import { UserPoolError } from './user-pool-error';
import { type AwsAnswer, awsCall, type AwsService, AwsUnreachableError, isThrottled, jsonRequest } from '../aws/aws-call';
import type { Deadline } from '../deadline';

/** A user pool by its own API. Both throw `UserPoolError`. */
export interface UserPool {
  describe(): Promise<UserPoolDescription>;
  /** Everything that is not in the settings goes back to its default. */
  update(settings: UserPoolSettings): Promise<void>;
}

/** What the pool refuses while somebody else changes it: to be read again, and changed then. */
export const CHANGED_MEANWHILE = 'ConcurrentModificationException';

export const NOT_FOUND = 'ResourceNotFoundException';

/** 15 calls a second for all of the account's pools: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html */
const ATTEMPTS = 10;
const PATIENT_PAUSE_MILLIS = 1_000;

/**
 * @param patienceMillis for how long it is asked again after IAM refused: a role's new policy takes some seconds until
 * it is known everywhere
 */
export function userPoolNamed(userPoolId: string, cognito: Omit<AwsService, 'service' | 'region'>, deadline: Deadline, patienceMillis = 0): UserPool {
  const patience = deadline.within(patienceMillis);
  // A pool's id begins with its Region.
  const service = { ...cognito, service: 'cognito-idp', region: userPoolId.split('_')[0] };

  async function call(action: 'DescribeUserPool' | 'UpdateUserPool', settings: object = {}): Promise<AwsAnswer> {
    const request = jsonRequest(`AWSCognitoIdentityProviderService.${action}`, { UserPoolId: userPoolId, ...settings });
    for (;;) {
      const answer = await awsCall(service, request, deadline, ATTEMPTS).catch(unreachable);
      if (answer.status === 200) return answer;
      if (!isDenied(answer) || patience.remaining() < PATIENT_PAUSE_MILLIS) throw refusal(action, userPoolId, answer);
      await new Promise((resolve) => setTimeout(resolve, PATIENT_PAUSE_MILLIS));
    }
  }

  return {
    async describe() {
      const { json: { UserPool } } = await call('DescribeUserPool');
      // A change of what was not told would reset the whole pool.
      if (Object(UserPool).Id !== userPoolId) throw new UserPoolError('transient', `Cognito's answer does not tell of user pool ${userPoolId}: try again later`);
      return UserPool as UserPoolDescription;
    },
    async update(settings) {
      await call('UpdateUserPool', settings);
    },
  };
}

function isDenied({ errorType }: AwsAnswer): boolean {
  return errorType === 'AccessDeniedException';
}

function refusal(action: string, userPoolId: string, answer: AwsAnswer): UserPoolError {
  const { status, errorType } = answer;
  const got = `Cognito answered ${status} ${errorType} to ${action} of user pool ${userPoolId}`;
  if (isDenied(answer)) return new UserPoolError('misconfigured', `${got}: ${whatIsMissing(action, answer)}`, errorType);
  if (errorType === NOT_FOUND) return new UserPoolError('misconfigured', `${got}: check the pool's id, and that the pool is in this account`, errorType);
  if (status >= 500 || isThrottled(answer) || errorType === CHANGED_MEANWHILE) return new UserPoolError('transient', `${got}: try again later`, errorType);
  return new UserPoolError('misconfigured', `${got}, and nothing was changed: the event ${action} in CloudTrail says what Cognito did not take`, errorType);
}

/** AWS's own text is not passed on; the action is what one needs of it. */
function whatIsMissing(action: string, { json }: AwsAnswer): string {
  const [, missing = `cognito-idp:${action}`] = /not authorized to perform: ([a-z-]+:\w+)/.exec(String(json.message ?? json.Message)) ?? [];
  if (missing !== 'iam:PassRole') return `the role of this function may not call ${missing} for it, or a policy of the pool's account or organisation denies it`;
  return 'the pool sends SMS by a role, which whoever changes the pool must be allowed to pass on (iam:PassRole): name that role in TriggerAttachment.customResource({ smsRole })';
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new UserPoolError('transient', `Cognito could not be reached (${code}): try again later`, code);
}
