import { Deadline } from '../deadline';
import { ConfigurationError, UserStoreError } from '../errors';
import { type AwsAnswer, awsCall, AwsUnreachableError, isThrottled, jsonRequest } from './aws-call';
import type { AwsCredentials } from './credentials';

/** Longest wait for the secret; the sign-up's own deadline may be earlier. */
const ANSWER_MILLIS = 3_000;

export interface SecretsManager {
  readonly credentials: () => AwsCredentials;
  /** Instead of the Region's public endpoint, as AWS_ENDPOINT_URL_SECRETS_MANAGER is. */
  readonly endpointUrl?: string;
}

/**
 * The current value of a secret. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 *
 * @throws UserSyncError, which names the secret and never shows it
 */
export async function secretValue(secretArn: string, manager: SecretsManager): Promise<string> {
  const [, , , region] = secretArn.split(':');
  if (!region) throw new ConfigurationError(`got secret ${JSON.stringify(secretArn)}: expected the full ARN of a secret in Secrets Manager`);
  const answer = await asked(secretArn, { ...manager, service: 'secretsmanager', region });
  if (answer.status === 200) return secretString(answer, secretArn);
  const got = `${answer.status} ${answer.errorType}`;
  if (answer.status >= 500 || isThrottled(answer)) {
    throw new UserStoreError('transient', `Secrets Manager answered ${got} for ${secretArn}`, { code: answer.errorType });
  }
  throw new ConfigurationError(`Secrets Manager refused ${secretArn} (${got}): check the ARN, and that the role may call secretsmanager:GetSecretValue on it and kms:Decrypt on its key`);
}

async function asked(secretArn: string, service: Parameters<typeof awsCall>[0]): Promise<AwsAnswer> {
  try {
    return await awsCall(service, jsonRequest('secretsmanager.GetSecretValue', { SecretId: secretArn }), Deadline.after(ANSWER_MILLIS));
  } catch (error) {
    const { code } = error as AwsUnreachableError;
    throw new UserStoreError('transient', `Secrets Manager could not be reached (${code}): a function in a VPC needs a NAT gateway or an interface endpoint for Secrets Manager, or IAM login, which needs neither`, { code });
  }
}

function secretString({ json }: AwsAnswer, secretArn: string): string {
  if (typeof json.SecretString === 'string') return json.SecretString;
  throw new ConfigurationError(`the secret ${secretArn} has no text: expected SecretString, not SecretBinary`);
}
