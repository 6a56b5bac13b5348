import type { IncomingMessage } from 'node:http';
import { ConfigurationError, UserStoreError } from '../errors';
import { onDemand } from '../on-demand';
import type { AwsCredentials } from './credentials';

/** Another answer than a secret or a refusal is tried this often in all. */
const ATTEMPTS = 3;

/** Longest wait for one answer; the sign-up's own deadline may be earlier. */
const ANSWER_MILLIS = 3_000;

/** A secret has at most 65,536 bytes; the answer escapes some of them. */
const MOST_CHARACTERS = 500_000;

export interface SecretsManager {
  readonly credentials: () => AwsCredentials;
  /** Instead of the Region's public endpoint, as AWS_ENDPOINT_URL_SECRETS_MANAGER is. */
  readonly endpointUrl?: string;
}

/**
 * The current value of a secret. One signed request of our own: loading the AWS SDK takes longer than all the rest of a
 * cold start. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 *
 * @throws UserSyncError, which names the secret and never shows it
 */
export async function secretValue(secretArn: string, manager: SecretsManager): Promise<string> {
  const [, partition, , region] = secretArn.split(':');
  if (!region) throw new ConfigurationError(`got secret ${JSON.stringify(secretArn)}: expected the full ARN of a secret in Secrets Manager`);
  const endpoint = new URL(manager.endpointUrl ?? `https://secretsmanager.${region}.${partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`);
  const body = JSON.stringify({ SecretId: secretArn });
  for (let attempt = 1; ; attempt++) {
    const { status, answer } = await post(endpoint, region, body, manager.credentials());
    if (status === 200) return secretString(answer, secretArn);
    const [type = 'no error type'] = /\w{1,60}$/.exec(String(parsed(answer).__type)) ?? [];
    if (status >= 500 || status === 429 || type === 'ThrottlingException') {
      if (attempt < ATTEMPTS) continue;
      throw new UserStoreError('transient', `Secrets Manager answered ${status} ${type} for ${secretArn}`, { code: type });
    }
    throw new ConfigurationError(`Secrets Manager refused ${secretArn} (${status} ${type}): check the ARN, and that the role may call secretsmanager:GetSecretValue on it and kms:Decrypt on its key`);
  }
}

function secretString(answer: string, secretArn: string): string {
  const { SecretString } = parsed(answer);
  if (typeof SecretString === 'string') return SecretString;
  throw new ConfigurationError(`the secret ${secretArn} has no text: expected SecretString, not SecretBinary`);
}

function post(endpoint: URL, region: string, body: string, credentials: AwsCredentials): Promise<{ status: number; answer: string }> {
  const request = onDemand.aws4().sign({
    service: 'secretsmanager',
    region,
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    port: endpoint.port || undefined,
    path: '/',
    headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'secretsmanager.GetSecretValue' },
    body,
  }, credentials);
  return new Promise((resolve, reject) => {
    const outgoing = onDemand.request(endpoint.protocol)({ ...request, agent: false } as object, (answer) => {
      text(answer).then((answered) => resolve({ status: answer.statusCode ?? 0, answer: answered }), (error) => reject(unreachable(error)));
    });
    // Over the whole answer: a server may also be slow in the middle of it.
    const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), ANSWER_MILLIS);
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', (error) => reject(unreachable(error)));
    outgoing.end(body);
  });
}

async function text(answer: IncomingMessage): Promise<string> {
  let whole = '';
  for await (const part of answer.setEncoding('utf8')) {
    whole += part;
    if (whole.length > MOST_CHARACTERS) throw Object.assign(new Error('answer too long'), { code: 'EMSGSIZE' });
  }
  return whole;
}

function unreachable(error: Error & { code?: string }): UserStoreError {
  return new UserStoreError('transient', `Secrets Manager could not be reached (${error.code ?? error.name}): a function in a VPC needs a NAT gateway or an interface endpoint for Secrets Manager, or IAM login, which needs neither`, { code: error.code });
}

function parsed(answer: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(answer));
  } catch {
    return {};
  }
}
