import { ConfigurationError } from '../errors';

/**
 * What API Gateway sends to an authorizer, as far as it matters here.
 * REST: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * HTTP: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export interface AuthorizerEvent {
  readonly type?: string;
  /** Of HTTP APIs alone: their payload format. */
  readonly version?: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>` */
  readonly methodArn?: string;
  /** The same, of payload format 2.0. */
  readonly routeArn?: string;
  /** The header, of a TOKEN authorizer of a REST API. */
  readonly authorizationToken?: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null;
}

/**
 * The `Authorization` header. REST APIs pass names on as the client wrote them.
 *
 * @returns undefined where there is none, and where there are several: which of them API Gateway keeps its answer by is
 * not documented
 */
export function authorizationOf({ type, authorizationToken, headers, multiValueHeaders }: AuthorizerEvent): string | undefined {
  const values = type === 'TOKEN'
    ? [authorizationToken]
    : [headers, multiValueHeaders].flatMap((each) => Object.entries(each ?? {})).flatMap(([name, value]) => (name.toLowerCase() === 'authorization' ? value : []));
  const [first, ...others] = values;
  return others.every((other) => other === first) ? first : undefined;
}

/**
 * All of the API's stage: API Gateway keeps an answer for every method that uses the authorizer, so that a policy for
 * one of them would refuse the others.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
 *
 * @throws ConfigurationError
 */
export function stageArn({ methodArn, routeArn }: AuthorizerEvent): string {
  const [, stage] = /^(arn:[^/]*:execute-api:[^/]+\/[^/]+)\//.exec(routeArn ?? methodArn ?? '') ?? [];
  if (stage === undefined) throw new ConfigurationError('the event has no methodArn and no routeArn: expected one that API Gateway sends to a Lambda authorizer');
  return `${stage}/*`;
}
