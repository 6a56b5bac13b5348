import { isSub } from './basic-authorization';
import type { CredentialOptions } from './credential-options';
import { ConfigurationError } from '../errors';

/**
 * What API Gateway sends to a function behind a Cognito or JWT authorizer, as far as it matters here.
 * REST: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * HTTP: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface ApiRequest {
  /** Of REST APIs, and payload format 1.0. */
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly requestContext?: {
    /** Of payload format 2.0. */
    readonly http?: { readonly method?: string };
    readonly authorizer?: {
      /** Of REST APIs, and payload format 1.0. */
      readonly claims?: Claims | null;
      /** Of payload format 2.0. */
      readonly jwt?: { readonly claims?: Claims | null } | null;
    } | null;
  };
}

/** https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html */
export type Claims = Readonly<Record<string, unknown>>;

/** Whose tokens are believed. */
export type TokenRules = Pick<CredentialOptions, 'userPoolId' | 'clientIds'>;

/** Whose token it is. */
export interface TokenOwner {
  readonly sub: string;
  /** Finds every user, which a `sub` does not. */
  readonly username: string;
}

/**
 * Which claims have the username and the app client, by what the token is for.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
const CLAIM_NAMES: Readonly<Record<string, { readonly username: string; readonly client: string }>> = {
  id: { username: 'cognito:username', client: 'aud' },
  access: { username: 'username', client: 'client_id' },
};

/** https://docs.aws.amazon.com/general/latest/gr/rande.html, in China and in the European Sovereign Cloud */
const DOMAINS = ['amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu'];

/**
 * Only what an authorizer of API Gateway's has verified: nothing else of a request tells who sent it.
 *
 * @returns undefined where the token is another pool's or app client's, or no user's
 * @throws ConfigurationError where nobody has verified anything
 */
export function tokenOwner({ requestContext }: ApiRequest, { userPoolId, clientIds }: TokenRules): TokenOwner | undefined {
  const { claims, jwt } = requestContext?.authorizer ?? {};
  const verified = jwt?.claims ?? claims;
  if (!verified) throw new ConfigurationError('the request has no verified claims: expected a Cognito authorizer (REST) or a JWT authorizer (HTTP) on the route that leads here');
  const { iss, sub, token_use: use } = verified;
  if (!isIssuer(iss, userPoolId) || !isSub(sub) || !Object.hasOwn(CLAIM_NAMES, String(use))) return undefined;
  const names = CLAIM_NAMES[String(use)];
  const { [names.username]: username, [names.client]: client } = verified;
  if (clientIds && !(typeof client === 'string' && clientIds.includes(client))) return undefined;
  return typeof username === 'string' && username !== '' ? { sub, username } : undefined;
}

/** @throws ConfigurationError */
export function checkClients({ clientIds }: TokenRules): void {
  if (clientIds?.length === 0 || clientIds?.some((id) => typeof id !== 'string' || id === '')) {
    throw new ConfigurationError('clientIds has none, or an empty one, so that nobody could claim: expected ids of app clients, or no clientIds for any client of the pool; is the environment variable set?');
  }
}

/** A pool's id begins with its Region. */
function isIssuer(iss: unknown, userPoolId: string): boolean {
  return DOMAINS.some((domain) => iss === `https://cognito-idp.${userPoolId.split('_')[0]}.${domain}/${userPoolId}`);
}
