import { identitiesIn } from './identities';
import { type AwsAnswer, awsCall, type AwsService, AwsUnreachableError, isThrottled, jsonRequest } from '../aws/aws-call';
import type { CognitoUser } from '../cognito-user';
import type { Deadline } from '../deadline';
import { UserDirectoryError } from '../errors';

const NO_TURN = 'NoTurn';

/** Whether Cognito was not asked at all: the user's turn comes soon, and nothing is wrong. */
export function hadNoTurn(error: unknown): boolean {
  return error instanceof UserDirectoryError && error.code === NO_TURN;
}

/** Reads users from Cognito as they are now. */
export interface UserDirectory {
  /** @returns undefined where Cognito lists no such user, which may be too early to tell */
  withSub(userPoolId: string, sub: string, deadline: Deadline): Promise<CognitoUser | undefined>;
  /** @param username or the `sub` of a user that no other provider signs in */
  named(userPoolId: string, username: string, deadline: Deadline): Promise<CognitoUser | undefined>;
}

/**
 * ListUsers is "eventually consistent", without a figure: what it answers counts as seen this long before, so that it
 * never wins over what a trigger has told meanwhile.
 * https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
 */
const CONSISTENCY_MILLIS = 10_000;

/**
 * A user pool by its own API. Both throw `UserDirectoryError`.
 *
 * @param readsPerSecond the quota of ListUsers is 30 a second for all of the account's pools, and cannot be raised:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
export function userDirectory(cognito: Omit<AwsService, 'service' | 'region'>, readsPerSecond: number): UserDirectory {
  const takeTurn = pace(readsPerSecond);

  async function call(action: string, body: { readonly UserPoolId: string; readonly [parameter: string]: string }, deadline: Deadline): Promise<AwsAnswer> {
    if (!await takeTurn(deadline)) throw new UserDirectoryError('transient', 'more users wait to be read from Cognito than its quota allows at once: this one comes again soon', NO_TURN);
    // A pool's id begins with its Region.
    const service = { ...cognito, service: 'cognito-idp', region: body.UserPoolId.split('_')[0] };
    return awsCall(service, jsonRequest(`AWSCognitoIdentityProviderService.${action}`, body), deadline, 1).catch(unreachable);
  }

  return {
    async withSub(userPoolId, sub, deadline) {
      const observedAt = new Date(Date.now() - CONSISTENCY_MILLIS);
      // Never AttributesToGet: that is an error where a user lacks one of them.
      const answer = await call('ListUsers', { UserPoolId: userPoolId, Filter: `sub = "${sub.replaceAll(/["\\]/g, '\\$&')}"` }, deadline);
      if (answer.status !== 200 || !Array.isArray(answer.json.Users)) throw refusal('ListUsers', answer);
      const users = answer.json.Users.map((found) => userOf(found, found.Attributes, userPoolId, observedAt));
      return users.find((user) => user.sub === sub);
    },
    async named(userPoolId, username, deadline) {
      const observedAt = new Date();
      const answer = await call('AdminGetUser', { UserPoolId: userPoolId, Username: username }, deadline);
      if (answer.errorType === 'UserNotFoundException') return undefined;
      if (answer.status !== 200) throw refusal('AdminGetUser', answer);
      return userOf(answer.json, answer.json.UserAttributes, userPoolId, observedAt);
    },
  };
}

/** `UserType`, and what AdminGetUser answers. */
function userOf(user: object, attributeList: unknown, userPoolId: string, observedAt: Date): CognitoUser {
  const { Username, UserStatus, Enabled } = user as Record<string, unknown>;
  const attributes: Record<string, string> = Object.create(null);
  for (const { Name, Value } of attributeList as Array<{ Name: string; Value?: string }>) if (typeof Value === 'string') attributes[Name] = Value;
  return {
    sub: attributes.sub,
    username: typeof Username === 'string' ? Username : undefined,
    userPoolId,
    status: typeof UserStatus === 'string' ? UserStatus : undefined,
    enabled: typeof Enabled === 'boolean' ? Enabled : undefined,
    attributes,
    identities: identitiesIn(attributes.identities),
    observedAt,
  };
}

function refusal(action: string, answer: AwsAnswer): UserDirectoryError {
  const { status, errorType } = answer;
  const got = `Cognito answered ${status} ${errorType} to ${action}`;
  if (status === 200 || status >= 500 || isThrottled(answer)) return new UserDirectoryError('transient', got, errorType);
  if (errorType === 'InvalidParameterException') return new UserDirectoryError('permanent', got, errorType);
  return new UserDirectoryError('misconfigured', `${got}: check that the pool is there, and that the role may call cognito-idp:${action} on it`, errorType);
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new UserDirectoryError('transient', `Cognito could not be reached (${code}): a function in a VPC needs a NAT gateway or an interface endpoint for cognito-idp`, code);
}

/**
 * @returns a function that waits for its turn, so that there are no more turns in a second; false at once where the
 * deadline comes first
 */
function pace(perSecond: number): (deadline: Deadline) => Promise<boolean> {
  let next = -Infinity;
  return async (deadline) => {
    const now = performance.now();
    const turn = Math.max(now, next + 1000 / perSecond);
    if (turn - now >= deadline.remaining()) return false;
    next = turn;
    if (turn > now) await new Promise((resolve) => setTimeout(resolve, turn - now));
    return true;
  };
}
