import { ownCredential } from './api-credential';
import { allowed, type AuthorizerAnswer, type HttpApiResponses, refused } from './authorizer-answer';
import { authorizationOf, type AuthorizerEvent } from './authorizer-event';
import { type PresentedCredential, readBasicAuthorization } from './basic-authorization';
import type { CredentialOptions } from './credential-options';
import { type CredentialSteps, credentialSteps, requestDeadline } from './credential-steps';
import type { CredentialStore } from './credential-store';
import type { Deadline } from '../deadline';
import type { CredentialOutcome } from '../delivery/log';
import { loggedError } from '../delivery/logged-error';
import { reporting } from '../delivery/reporting';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import { monotonicMillis } from '../monotonic-clock';

export interface CredentialAuthorizerOptions extends CredentialOptions {
  /**
   * How an authorizer of payload format 2.0 answers: `simple` where it has `enableSimpleResponses`, else `policy`.
   *
   * @default 'simple'
   */
  readonly responses?: HttpApiResponses;
}

/** Answers API Gateway whether a request goes on. */
export type CredentialAuthorizer = (event: AuthorizerEvent, context?: InvocationContext) => Promise<AuthorizerAnswer>;

/** Why somebody is refused: for the log, and never for them. */
type Refusal = 'malformed' | 'unknown' | 'gone' | 'disabled';

/**
 * Lets in whoever shows the credential that their row has the hash of, while Cognito has them enabled. REST APIs (TOKEN and
 * REQUEST) and HTTP APIs (payload formats 1.0 and 2.0).
 *
 * @param open asked for while loading. What it throws is told, and does not keep the function from loading. The connection waits
 * for the first credential: everybody on the internet starts these functions, and garbage must not hold connections
 */
export function credentialAuthorizer(options: CredentialAuthorizerOptions, open: () => CredentialStore): CredentialAuthorizer {
  const { responses = 'simple' } = options;
  const report = reporting(options);
  const steps = credentialSteps(options, open, report);

  return async (event, context) => {
    const startedAt = monotonicMillis();
    let presented: PresentedCredential | undefined;
    const tell = (level: 'INFO' | 'ERROR', message: string, outcome: CredentialOutcome, more: object = {}) => report(
      { level, message, sub: presented?.sub, outcome, milliseconds: Math.round((monotonicMillis() - startedAt) * 10) / 10, requestId: context?.awsRequestId, ...more },
      { [outcome]: 1 }, context?.functionName,
    );
    let refusal: Refusal | undefined;
    try {
      presented = readBasicAuthorization(authorizationOf(event));
      refusal = presented ? await refusalOf(presented, options.userPoolId, steps, requestDeadline(context)) : 'malformed';
      if (refusal === undefined) {
        const answer = allowed(event, responses, presented!.sub);
        tell('INFO', 'the credential is good', 'authorized');
        return answer;
      }
    } catch (error) {
      tell('ERROR', 'nobody could tell whether the credential is good: the request was refused', 'unavailable', { error: loggedError(error) });
      throw new UnavailableError();
    }
    tell('INFO', 'the credential was refused', 'refused', { reason: refusal });
    return refused(event, responses);
  };
}

/** API Gateway makes a 500 of it, and keeps it for nobody. */
class UnavailableError extends Error {
  override readonly name = 'UnavailableError';

  constructor() {
    super('the credential could not be checked: see the line before');
    this.stack = String(this);
  }
}

/**
 * Cognito is asked last: it answers 120 such requests a second for all of the account, and a guess must not use them up.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
async function refusalOf({ sub, secret }: PresentedCredential, userPoolId: string, { store, directory }: CredentialSteps, deadline: Deadline): Promise<Refusal | undefined> {
  const own = ownCredential(secret, await (await store).read(sub, deadline));
  if (!own) return 'unknown';
  const user = await directory.named(userPoolId, own.username, deadline);
  if (user?.sub !== sub) return 'gone';
  return user.enabled === true ? undefined : 'disabled';
}
