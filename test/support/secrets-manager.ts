import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startHttpServer, type HttpAnswer } from './http-server';

/**
 * Answers `GetSecretValue` as AWS Secrets Manager does (JSON 1.1, https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html).
 * Our own: moto's server knows the whole service but needs Python, and demo and tests run on a machine that has only
 * Node.js. It can also be slow, refuse, and rotate a secret between two calls. It does not check the signature, only
 * that the request has one for this service.
 */
export interface SecretsManager {
  /** For `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
  readonly url: string;
  /** How many requests have come in, refused ones included. */
  readonly calls: number;
  /** Before each answer. */
  delayMs: number;
  /** Every answer is this error until it is set to undefined again. */
  refusal: SecretsManagerError | undefined;
  /** Sets the value, or rotates it. */
  putSecret(arn: string, value: string): void;
  stop(): Promise<void>;
}

export type SecretsManagerError = 'ResourceNotFoundException' | 'AccessDeniedException' | 'InternalServiceError';

const NAME_IN_ARN = /^arn:[^:]+:secretsmanager:[^:]+:\d+:secret:(.+)-\w{6}$/;
const SIGNED_FOR_SERVICE = /^AWS4-HMAC-SHA256 Credential=[^,]+\/secretsmanager\/aws4_request/;

export async function startSecretsManager(): Promise<SecretsManager> {
  const secrets = new Map<string, { value: string; versionId: string }>();
  let calls = 0;

  const server = await startHttpServer(async (request, body) => {
    calls += 1;
    await sleep(secretsManager.delayMs);
    if (secretsManager.refusal) return refuse(secretsManager.refusal, 'as the test wants it');
    if (!SIGNED_FOR_SERVICE.test(request.headers.authorization ?? '')) {
      return refuse('MissingAuthenticationTokenException', `got ${request.headers.authorization ? 'a signature for something else' : 'no signature'}, expected one for secretsmanager`);
    }
    if (request.headers['x-amz-target'] !== 'secretsmanager.GetSecretValue') {
      return refuse('UnknownOperationException', `got ${String(request.headers['x-amz-target'])}, expected secretsmanager.GetSecretValue`);
    }
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    const secret = secrets.get(SecretId);
    if (secret === undefined) return refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    return answer(200, {
      ARN: SecretId,
      Name: NAME_IN_ARN.exec(SecretId)?.[1] ?? SecretId,
      SecretString: secret.value,
      VersionId: secret.versionId,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: Date.now() / 1000,
    });
  });

  const secretsManager: SecretsManager = {
    url: server.url,
    get calls() { return calls; },
    delayMs: 0,
    refusal: undefined,
    putSecret: (arn, value) => void secrets.set(arn, { value, versionId: randomUUID() }),
    stop: () => server.stop(),
  };
  return secretsManager;
}

function refuse(type: string, message: string): HttpAnswer {
  return answer(type === 'InternalServiceError' ? 500 : 400, { __type: type, message });
}

function answer(status: number, body: object): HttpAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() }, body: JSON.stringify(body) };
}
