import { isSub } from './basic-authorization';
import { ConfigurationError } from '../errors';

/**
 * What API Gateway sends to a function behind a Cognito or JWT authorizer, as far as it matters here.
 * REST: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * HTTP: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export interface ApiRequest {
  /** Of REST APIs, and payload format 1.0. */
  readonly httpMethod?: string;
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

/** Whose token it is. */
export interface TokenOwner {
  readonly sub: string;
  /** What Cognito calls the user: it finds every user by it. */
  readonly username: string;
}

/** Which claim has the username, by what the token is for. */
const USERNAME_CLAIMS: Readonly<Record<string, string>> = { id: 'cognito:username', access: 'username' };

/** https://docs.aws.amazon.com/general/latest/gr/rande.html, in China and in the European Sovereign Cloud */
const DOMAINS = ['amazonaws.com', 'amazonaws.com.cn', 'amazonaws.eu'];

/**
 * Only what an authorizer of API Gateway's has verified: nothing else of a request tells who sent it.
 *
 * @returns undefined where the token is another pool's, or no user's
 * @throws ConfigurationError where nobody has verified anything
 */
export function tokenOwner({ requestContext }: ApiRequest, userPoolId: string): TokenOwner | undefined {
  const { claims, jwt } = requestContext?.authorizer ?? {};
  const verified = jwt?.claims ?? claims;
  if (!verified) throw new ConfigurationError('the request has no verified claims: expected a Cognito authorizer (REST) or a JWT authorizer (HTTP) on the route that leads here');
  const { iss, sub, token_use: use } = verified;
  const username = Object.hasOwn(USERNAME_CLAIMS, String(use)) ? verified[USERNAME_CLAIMS[String(use)]] : undefined;
  return isIssuer(iss, userPoolId) && isSub(sub) && typeof username === 'string' && username !== '' ? { sub, username } : undefined;
}

/** A pool's id begins with its Region. */
function isIssuer(iss: unknown, userPoolId: string): boolean {
  return DOMAINS.some((domain) => iss === `https://cognito-idp.${userPoolId.split('_')[0]}.${domain}/${userPoolId}`);
}
