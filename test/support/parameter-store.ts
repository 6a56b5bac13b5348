import { startHttpServer, type HttpAnswer } from './http-server';

/**
 * Answers `GetParameter` as the Parameter Store of AWS Systems Manager does (JSON 1.1, https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html),
 * for parameters of type SecureString: who does not ask for the plain text gets the encrypted one. Our own, as
 * `secrets-manager.ts` is. It does not check the signature, only that the request has one for this service, and knows
 * neither versions nor labels.
 */
export interface ParameterStore {
  /** For `AWS_ENDPOINT_URL_SSM`. */
  readonly url: string;
  /** How many requests have come in, refused ones included. */
  readonly calls: number;
  /** Every answer is this error until it is set to undefined again. */
  refusal: 'ParameterNotFound' | 'AccessDeniedException' | 'InternalServerError' | undefined;
  /** Sets the value, or rotates it. */
  putParameter(arn: string, value: string): void;
  stop(): Promise<void>;
}

const SIGNED_FOR_SERVICE = /^AWS4-HMAC-SHA256 Credential=[^,]+\/ssm\/aws4_request/;

export async function startParameterStore(): Promise<ParameterStore> {
  const parameters = new Map<string, string>();
  let calls = 0;

  const server = await startHttpServer(async ({ headers }, body) => {
    calls += 1;
    if (store.refusal) return refuse(store.refusal);
    if (!SIGNED_FOR_SERVICE.test(headers.authorization ?? '')) return refuse('MissingAuthenticationToken');
    if (headers['x-amz-target'] !== 'AmazonSSM.GetParameter') return refuse('InvalidAction');
    const { Name, WithDecryption } = JSON.parse(body) as { Name: string; WithDecryption?: boolean };
    const value = parameters.get(Name);
    if (value === undefined) return refuse('ParameterNotFound');
    return answer(200, { Parameter: { ARN: Name, Type: 'SecureString', Value: WithDecryption ? value : `AQICAHh${Buffer.from(value).toString('base64')}`, Version: 1 } });
  });

  const store: ParameterStore = {
    url: server.url,
    get calls() { return calls; },
    refusal: undefined,
    putParameter: (arn, value) => void parameters.set(arn, value),
    stop: () => server.stop(),
  };
  return store;
}

function refuse(type: string): HttpAnswer {
  return answer(type === 'InternalServerError' ? 500 : 400, { __type: type });
}

function answer(status: number, body: object): HttpAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}
