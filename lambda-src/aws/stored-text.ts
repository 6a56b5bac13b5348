import { Deadline } from '../deadline';
import { ConfigurationError, UserStoreError } from '../errors';
import { type AwsAnswer, awsCall, AwsUnreachableError, isThrottled, jsonRequest } from './aws-call';
import type { AwsCredentials } from './credentials';

/** Longest wait for the text; the sign-up's own deadline may be earlier. */
const ANSWER_MILLIS = 3_000;

/** Who keeps a login, and how it is asked for. */
export interface TextKeeper {
  /** As people call it. */
  readonly name: string;
  /** As signatures do. */
  readonly service: string;
  readonly target: string;
  /** What the role must be allowed to call. */
  readonly action: string;
}

export interface KeeperAccess {
  readonly credentials: () => AwsCredentials;
  /** Instead of the public endpoint of the Region in the ARN. */
  readonly endpointUrl?: string;
}

/**
 * What a service answers about a login that it keeps.
 *
 * @throws UserSyncError, which names the login and never shows it
 */
export async function askedFor(arn: string, question: object, { name, service, target, action }: TextKeeper, access: KeeperAccess): Promise<AwsAnswer['json']> {
  const [, , , region] = arn.split(':');
  if (!region) throw new ConfigurationError(`got ${JSON.stringify(arn)}: expected the full ARN of a login in ${name}`);
  const answer = await awsCall({ ...access, service, region }, jsonRequest(target, question), Deadline.after(ANSWER_MILLIS)).catch(({ code }: AwsUnreachableError) => {
    throw new UserStoreError('transient', `${name} could not be reached (${code}): a function in a VPC needs a NAT gateway or an interface endpoint for ${name}, or IAM login, which needs neither`, { code });
  });
  if (answer.status === 200) return answer.json;
  const { status, errorType: code } = answer;
  if (status >= 500 || isThrottled(answer)) throw new UserStoreError('transient', `${name} answered ${status} ${code} for ${arn}`, { code });
  throw new ConfigurationError(`${name} refused ${arn} (${status} ${code}): check the ARN, and that the role may call ${action} on it and kms:Decrypt on its key`);
}
