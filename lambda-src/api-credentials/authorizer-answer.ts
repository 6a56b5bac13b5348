import { type AuthorizerEvent, stageArn } from './authorizer-event';

/** How an authorizer of payload format 2.0 was told to answer, which no event tells: `enableSimpleResponses`. */
export type HttpApiResponses = 'simple' | 'policy';

/** What API Gateway takes from an authorizer. */
export type AuthorizerAnswer = SimpleAnswer | PolicyAnswer;

/** Of payload format 2.0. */
export interface SimpleAnswer {
  readonly isAuthorized: boolean;
  /** For the API's backend, as `$context.authorizer.<name>`. */
  readonly context: Readonly<Record<string, string>>;
}

export interface PolicyAnswer {
  readonly principalId: string;
  readonly policyDocument: PolicyDocument;
  /** As in {@link SimpleAnswer}. */
  readonly context: Readonly<Record<string, string>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: ReadonlyArray<{ readonly Action: string; readonly Effect: 'Allow' | 'Deny'; readonly Resource: string }>;
}

/** REST APIs answer 401 to exactly this message, and 500 to any other. */
export class UnauthorizedError extends Error {
  override readonly name = 'UnauthorizedError';

  constructor() {
    super('Unauthorized');
    // Lambda logs it for everybody who is refused. Not undefined: then the runtime would answer with another message.
    this.stack = String(this);
  }
}

/** @param sub the user, for the API's backend to know who calls */
export function allowed(event: AuthorizerEvent, responses: HttpApiResponses, sub: string): AuthorizerAnswer {
  return isSimple(event, responses) ? { isAuthorized: true, context: { sub } } : { principalId: sub, ...policy(event, 'Allow'), context: { sub } };
}

/**
 * Refused, without a word about why. An HTTP API makes a 403 of it: what one makes of an error is not documented, and
 * would be a 500.
 *
 * @throws UnauthorizedError for a REST API, which makes a 401 of it
 */
export function refused(event: AuthorizerEvent, responses: HttpApiResponses): AuthorizerAnswer {
  if (event.version === undefined) throw new UnauthorizedError();
  return isSimple(event, responses) ? { isAuthorized: false, context: {} } : { principalId: 'nobody', ...policy(event, 'Deny'), context: {} };
}

function isSimple({ version }: AuthorizerEvent, responses: HttpApiResponses): boolean {
  return version === '2.0' && responses === 'simple';
}

function policy(event: AuthorizerEvent, effect: 'Allow' | 'Deny'): Pick<PolicyAnswer, 'policyDocument'> {
  return { policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: effect, Resource: stageArn(event) }] } };
}
