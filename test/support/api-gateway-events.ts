import type { IncomingMessage } from 'node:http';

/** Which API, and how its authorizer is configured. */
export type ApiKind = 'REST, TOKEN' | 'REST, REQUEST' | 'HTTP, 1.0' | 'HTTP, 2.0' | 'HTTP, 2.0, simple';

export const API_KINDS: readonly ApiKind[] = ['REST, TOKEN', 'REST, REQUEST', 'HTTP, 1.0', 'HTTP, 2.0', 'HTTP, 2.0, simple'];

export type HttpHeaders = Array<readonly [name: string, value: string]>;

const ACCOUNT = '111122223333';
const API = 'abcdef1234';

export function stageOf(kind: ApiKind): string {
  return kind.startsWith('REST') ? 'prod' : '$default';
}

export function methodArn(kind: ApiKind, { method, url }: IncomingMessage): string {
  return `arn:aws:execute-api:eu-west-1:${ACCOUNT}:${API}/${stageOf(kind)}/${method}${pathOf(url)}`;
}

/** In the order and spelling of the client. */
export function headersOf({ rawHeaders }: IncomingMessage): HttpHeaders {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [rawHeaders[2 * index], rawHeaders[2 * index + 1]]);
}

/**
 * What each kind sends to an authorizer, with the names and nesting of AWS's own examples, and without most of what nothing
 * here looks at (cookies, client certificates, parts of the identity):
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function authorizerEvent(kind: ApiKind, request: IncomingMessage): object {
  const headers = headersOf(request);
  const token = headers.findLast(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '';
  const arn = methodArn(kind, request);
  switch (kind) {
    case 'REST, TOKEN': return { type: 'TOKEN', authorizationToken: token, methodArn: arn };
    case 'REST, REQUEST': return { type: 'REQUEST', methodArn: arn, ...restRequest(request, headers) };
    case 'HTTP, 1.0': return { version: '1.0', type: 'REQUEST', methodArn: arn, identitySource: token, authorizationToken: token, ...restRequest(request, headers) };
    default: return { version: '2.0', type: 'REQUEST', routeArn: arn, identitySource: [token], ...httpRequest(kind, request, headers) };
  }
}

/**
 * What each kind sends to a function behind it, with the claims of the token that a Cognito or JWT authorizer has verified:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function proxyEvent(kind: ApiKind, request: IncomingMessage, body: string, claims: Readonly<Record<string, string>>): object {
  const headers = headersOf(request);
  if (kind.startsWith('HTTP, 2.0')) {
    const { requestContext, ...event } = httpRequest(kind, request, headers);
    return { version: '2.0', ...event, requestContext: { ...requestContext, authorizer: { jwt: { claims, scopes: null } } }, body, isBase64Encoded: false };
  }
  const { requestContext, ...event } = restRequest(request, headers);
  return { ...(kind === 'HTTP, 1.0' && { version: '1.0' }), ...event, requestContext: { ...requestContext, authorizer: { claims } }, body, isBase64Encoded: false };
}

function restRequest({ method, url }: IncomingMessage, headers: HttpHeaders) {
  const path = pathOf(url);
  const multiValueHeaders: Record<string, string[]> = {};
  for (const [name, value] of headers) (multiValueHeaders[name] ??= []).push(value);
  return {
    resource: '/{proxy+}',
    path,
    httpMethod: method,
    headers: Object.fromEntries(headers),
    multiValueHeaders,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: { path, accountId: ACCOUNT, resourceId: '05c7jb', stage: 'prod', requestId: 'request', identity: { sourceIp: '192.0.2.1' }, resourcePath: '/{proxy+}', httpMethod: method, apiId: API },
  };
}

/** Names in lower case, and what came more than once joined by commas. */
function httpRequest(kind: ApiKind, { method, url }: IncomingMessage, headers: HttpHeaders) {
  const joined: Record<string, string> = {};
  for (const [name, value] of headers) joined[name.toLowerCase()] = [joined[name.toLowerCase()] ?? [], value].flat().join(',');
  return {
    routeKey: '$default',
    rawPath: pathOf(url),
    rawQueryString: '',
    headers: joined,
    requestContext: { accountId: ACCOUNT, apiId: API, http: { method, path: pathOf(url), protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' }, requestId: 'request', routeKey: '$default', stage: stageOf(kind) },
    stageVariables: undefined,
  };
}

function pathOf(url = '/'): string {
  return url.split('?')[0];
}
