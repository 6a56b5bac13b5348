import type { ApiKind } from './api-gateway-events';
import type { HttpAnswer } from './http-server';

/** What Lambda made of an invocation. */
export interface LambdaResult {
  readonly payload: unknown;
  readonly functionError?: string;
}

/** Whatever an API's authorizer let in: what it says of the caller. A refusal is what the client gets. */
export type Decision = { readonly context: Readonly<Record<string, unknown>> } | HttpAnswer;

/** What may be used again for the next request of the same caller. */
export type Verdict = (arn: string) => Decision;

/**
 * What API Gateway makes of an authorizer's answer.
 * REST: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 * HTTP: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 *
 * @returns a verdict that is kept, or an error that is not
 */
export function verdictOf(kind: ApiKind, { payload, functionError }: LambdaResult): Verdict | HttpAnswer {
  const { errorMessage, isAuthorized, principalId, policyDocument, context = {} } = Object(payload);
  const isRest = kind.startsWith('REST');
  if (functionError) return isRest && errorMessage === 'Unauthorized' ? json(401, { message: 'Unauthorized' }) : serverError(isRest);
  if (kind === 'HTTP, 2.0, simple') {
    if (typeof isAuthorized !== 'boolean') return serverError(isRest);
    return () => (isAuthorized ? { context } : json(403, { message: 'Forbidden' }));
  }
  const statements = policyDocument?.Statement;
  if (typeof principalId !== 'string' || policyDocument?.Version !== '2012-10-17' || !Array.isArray(statements) || !Object.values(context).every(isPlain)) return serverError(isRest);
  return (arn) => {
    const effects = statements.filter(({ Action, Resource }) => matches(Action, 'execute-api:Invoke') && matches(Resource, arn)).map(({ Effect }) => Effect);
    if (effects.includes('Deny')) return json(403, isRest ? { Message: 'User is not authorized to access this resource with an explicit deny' } : { message: 'Forbidden' });
    return effects.includes('Allow') ? { context: { principalId, ...context } } : json(403, isRest ? { Message: 'User is not authorized to access this resource' } : { message: 'Forbidden' });
  };
}

export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function serverError(isRest: boolean): HttpAnswer {
  return json(500, { message: isRest ? null : 'Internal Server Error' });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html: `*` goes past slashes. */
function matches(patterns: string | readonly string[], text: string): boolean {
  return [patterns].flat().some((pattern) => new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text));
}

/** A context may hold no lists and no objects. */
function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
