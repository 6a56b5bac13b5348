import type { ServiceAddress, ServiceRequest } from './service-exchange';
import type { ServiceIamLogin, ServiceSecretLogin } from '../../../src/private/plan';
import { loginHeader } from '../../../src/private/service-headers';
import type { AwsCredentials } from '../../aws/credentials';
import type { AwsEnvironment } from '../../aws/environment';
import { secretValue } from '../../aws/secrets-manager';
import { configured, ConfigurationError } from '../../errors';
import { onDemand } from '../../on-demand';

/** As whom the service knows the function. */
export interface ServiceLogin {
  /** Starts to get what it takes, and never fails. */
  open?(): void;
  /** All headers of the request, with those that let it in. @throws UserSyncError */
  headers(request: ServiceRequest, address: ServiceAddress): Promise<Record<string, string>>;
  /** The service did not let it in with these headers: gets others, where nobody has already. @throws UserSyncError */
  renew?(rejected: Readonly<Record<string, string>>): Promise<void>;
  /** Whether there are others by now; with `renew` alone. @throws UserSyncError */
  isOther?(rejected: Readonly<Record<string, string>>): Promise<boolean>;
}

export const noLogin: ServiceLogin = {
  headers: async ({ headers }) => ({ ...headers }),
};

export function plannedLogin(login: ServiceSecretLogin | ServiceIamLogin | undefined, { credentials, endpointUrl }: Omit<AwsEnvironment, 'region'>): ServiceLogin {
  if (!login) return noLogin;
  if ('signingRegion' in login) return iamLogin(login.signingRegion, credentials);
  const { secretArn, secretField, header } = login;
  return keyLogin(async () => keyIn(await secretValue(secretArn, { credentials, endpointUrl: endpointUrl('SECRETS_MANAGER') }), secretField), header);
}

/**
 * A header with a key or a token, which is kept in memory until the service rejects it.
 *
 * @param header is `Authorization: Bearer …` where it is left out
 */
export function keyLogin(fetchKey: () => Promise<string>, header?: string): ServiceLogin {
  const name = configured(() => loginHeader(header ?? 'authorization'));
  let known: Promise<string> | undefined;
  const value = () => {
    const fetching = known ??= fetchKey().then((key) => headerValue(header === undefined ? `Bearer ${key.trim()}` : key.trim()));
    fetching.catch(() => {
      if (known === fetching) known = undefined;
    });
    return fetching;
  };
  return {
    open: () => void value().catch(() => undefined),
    headers: async ({ headers }) => ({ ...headers, [name]: await value() }),
    async renew(rejected) {
      // Another request may have fetched it again already.
      if (known !== undefined && await value() === rejected[name]) known = undefined;
      await value();
    },
    isOther: async (rejected) => await value() !== rejected[name],
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
function iamLogin(region: string, credentials: () => AwsCredentials): ServiceLogin {
  return {
    open: () => void onDemand.aws4(),
    async headers({ method, path, headers, body }, { url: { host } }) {
      const signed = onDemand.aws4().sign({ service: 'execute-api', region, method, path, headers: { ...headers, Host: host }, body }, credentials());
      return signed.headers as Record<string, string>;
    },
  };
}

/** @throws ConfigurationError, which never shows the secret */
function keyIn(secret: string, field: string | undefined): string {
  const fields = secret.trimStart().startsWith('{') ? parsed(secret) : undefined;
  if (field === undefined) {
    if (fields) throw new ConfigurationError('the secret of the user service is JSON: expected the key or token alone, or the name of its field');
    return secret;
  }
  const key = fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (typeof key === 'string') return key;
  throw new ConfigurationError(`the secret of the user service has no field ${JSON.stringify(field)} with a text: expected JSON with the key or token there`);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function headerValue(value: string): string {
  if (/^[\x20-\x7e]+$/.test(value) && !value.endsWith('Bearer ')) return value;
  throw new ConfigurationError('the key or token for the user service is empty or has characters that no header takes: expected printable ASCII, in one line');
}
