import type { IncomingMessage } from 'node:http';
import { type Decision, json, type LambdaResult, type Verdict, verdictOf } from './api-gateway-answers';
import { type ApiKind, authorizerEvent, headersOf, methodArn, proxyEvent } from './api-gateway-events';
import { type HttpAnswer, startHttpServer } from './http-server';

/**
 * API Gateway as far as one machine can have it, and as far as AWS documents it: a Lambda authorizer with its cache in front of a
 * proxy integration, and one route with a token authorizer in front of a Lambda function. Our own: no emulator has all
 * four events, the 401 of REST APIs and a cache whose clock a test moves.
 *
 * It does not check a token's signature (the test says whose token is whose), does not throttle, knows no resource
 * policies, API keys and CORS, has one stage, whose cache is for the whole API, and takes headers of any size that
 * Node.js takes.
 */
export interface ApiGateway {
  readonly url: string;
  /** How often the authorizer was asked. */
  readonly asked: number;
  /** Each event that the authorizer and the claim function got. */
  readonly events: readonly object[];
  /** How far the cache's clock is ahead. */
  passSeconds(seconds: number): void;
  stop(): Promise<void>;
}

export interface ApiGatewayOptions {
  readonly kind: ApiKind;
  readonly authorizer: (event: object) => Promise<LambdaResult>;
  /** How long an answer of the authorizer is kept, by the `Authorization` header. */
  readonly cacheSeconds: number;
  /** Of the source server, which gets what the authorizer lets in, with the user's `sub` as `x-user`. */
  readonly source: string;
  /** The function behind `/credential`. */
  readonly claim: (event: object) => Promise<LambdaResult>;
  /** Bearer token → its claims. */
  readonly tokens: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

export async function startApiGateway({ kind, authorizer, cacheSeconds, source, claim, tokens }: ApiGatewayOptions): Promise<ApiGateway> {
  const kept = new Map<string, { readonly verdict: Verdict; readonly until: number }>();
  const events: object[] = [];
  let asked = 0;
  let ahead = 0;

  async function decide(request: IncomingMessage): Promise<Decision> {
    const { authorization } = request.headers;
    // The identity source is missing.
    if (!authorization) return json(401, { message: 'Unauthorized' });
    const now = Date.now() / 1000 + ahead;
    const before = kept.get(authorization);
    if (before && now < before.until) return before.verdict(methodArn(kind, request));
    const event = authorizerEvent(kind, request);
    events.push(event);
    asked += 1;
    const verdict = verdictOf(kind, await authorizer(event));
    if (typeof verdict !== 'function') return verdict;
    if (cacheSeconds > 0) kept.set(authorization, { verdict, until: now + cacheSeconds });
    return verdict(methodArn(kind, request));
  }

  async function toSource(request: IncomingMessage, body: string, user: string): Promise<HttpAnswer> {
    const headers = new Headers(headersOf(request).filter(([name]) => !/^(host|connection|content-length)$/i.test(name)) as Array<[string, string]>);
    headers.set('x-user', user);
    const answer = await fetch(`${source}${request.url}`, { method: request.method, headers, ...(body && { body }) });
    return { status: answer.status, headers: { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }, body: await answer.text() };
  }

  async function toClaim(request: IncomingMessage, body: string): Promise<HttpAnswer> {
    const claims = tokens.get(/^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (!claims) return json(401, { message: 'Unauthorized' });
    const event = proxyEvent(kind, request, body, claims);
    events.push(event);
    const { payload, functionError } = await claim(event);
    const { statusCode, headers = {}, body: answered = '' } = Object(payload);
    // A malformed answer, as REST and HTTP APIs say it.
    if (functionError || !Number.isInteger(statusCode) || typeof answered !== 'string') return json(kind.startsWith('REST') ? 502 : 500, { message: 'Internal Server Error' });
    return { status: statusCode, headers, body: answered };
  }

  const server = await startHttpServer(async (request, body) => {
    if (request.url === '/credential') return toClaim(request, body);
    const decision = await decide(request);
    return 'status' in decision ? decision : toSource(request, body, String(decision.context.sub));
  });
  return {
    url: server.url,
    get asked() { return asked; },
    events,
    passSeconds: (seconds) => { ahead += seconds; },
    stop: () => server.stop(),
  };
}

/** A handler of this process, invoked as Lambda would: what it returns and what it throws become JSON. */
export function invoked<Event extends object>(handler: (event: Event, context: object) => Promise<unknown>): (event: object) => Promise<LambdaResult> {
  return async (event) => {
    try {
      return { payload: JSON.parse(JSON.stringify(await handler(JSON.parse(JSON.stringify(event)), { functionName: 'function', awsRequestId: 'request' }))) };
    } catch (error) {
      const { name, message } = error as Error;
      return { functionError: 'Unhandled', payload: { errorType: name, errorMessage: message } };
    }
  };
}
