import { randomUUID } from 'node:crypto';
import { type CredentialAuthorizer, credentialAuthorizer, type CredentialAuthorizerOptions } from '../../lambda-src/api-credentials/credential-authorizer';
import { type CredentialClaim, credentialClaim } from '../../lambda-src/api-credentials/credential-claim';
import type { CredentialStore } from '../../lambda-src/api-credentials/credential-store';
import type { LogLine } from '../../lambda-src/delivery/log';
import { startUserDirectory, type PoolUser, type UserDirectory } from '../support/user-directory';

export const POOL = 'eu-west-1_Example01';

/** The two functions in this process, with a real table and a user pool that the test writes. */
export interface CredentialSite {
  readonly claim: CredentialClaim;
  readonly authorizer: CredentialAuthorizer;
  readonly directory: UserDirectory;
  readonly log: LogLine[];
  /** Everybody's claims, by their bearer token. */
  readonly tokens: Map<string, Record<string, string>>;
  /** Signs somebody up, without a row. @returns their `sub`, which is their token, too */
  signUp(user?: Partial<PoolUser>): string;
  stop(): Promise<void>;
}

/** @param store asked for once for each function, as they are apart */
export async function startCredentialSite(store: () => CredentialStore, options: Partial<CredentialAuthorizerOptions> = {}): Promise<CredentialSite> {
  const directory = await startUserDirectory({ userPoolId: POOL });
  Object.assign(process.env, { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' });
  const log: LogLine[] = [];
  const tokens = new Map<string, Record<string, string>>();
  const all: CredentialAuthorizerOptions = { userPoolId: POOL, log: (line) => void log.push(line), ...options };
  return {
    claim: credentialClaim(all, store),
    authorizer: credentialAuthorizer(all, store),
    directory,
    log,
    tokens,
    signUp(user = {}) {
      const sub = user.sub ?? randomUUID();
      const username = user.username ?? sub;
      directory.put({ attributes: {}, ...user, sub, username });
      tokens.set(sub, claimsOf(sub, username));
      return sub;
    },
    stop: () => directory.stop(),
  };
}

/** Of an ID token: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
export function claimsOf(sub: string, username = sub): Record<string, string> {
  return { sub, 'cognito:username': username, 'iss': `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`, 'token_use': 'id', 'aud': 'client', 'email': `${sub}@example.com` };
}

export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
