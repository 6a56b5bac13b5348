import { newSecret, storedCredential } from './api-credential';
import { allowedOrigins, corsHeaders } from './cors';
import type { CredentialOptions } from './credential-options';
import { type CredentialSteps, credentialSteps, requestDeadline } from './credential-steps';
import type { CredentialStore } from './credential-store';
import { type ApiRequest, checkClients, type TokenOwner, tokenOwner } from './verified-claims';
import type { Deadline } from '../deadline';
import type { CredentialOutcome } from '../delivery/log';
import { loggedError } from '../delivery/logged-error';
import { reporting } from '../delivery/reporting';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import { UserSyncError } from '../errors';
import { monotonicMillis } from '../monotonic-clock';

/** What API Gateway makes a response of: REST, and HTTP in both payload formats. */
export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers requests of API Gateway. */
export type CredentialClaim = (event: ApiRequest, context?: InvocationContext) => Promise<ApiAnswer>;

/** What came of a request, for whoever sent it and for the log. */
interface Settled {
  readonly answer: ApiAnswer;
  readonly outcome: CredentialOutcome;
  readonly reason?: string;
}

/** The sync is at work: a row that waits in the queue is there within a minute. */
const ROW_SECONDS = 5;

const METHODS = 'POST, DELETE';

/**
 * POST makes a credential for whoever the token belongs to, in the place of the one they had. DELETE takes it away.
 *
 * @param open asked for while loading. What it throws is told, and does not keep the function from loading
 */
export function credentialClaim(options: CredentialOptions, open: () => CredentialStore): CredentialClaim {
  const report = reporting(options);
  const steps = credentialSteps(options, () => {
    checkClients(options);
    return open();
  }, report);
  const origins = allowedOrigins(options, report);
  // Only who has signed in comes here, and they wait for a cold start.
  steps.store.then((store) => store.open?.()).catch(() => undefined);

  return async (event, context) => {
    const startedAt = monotonicMillis();
    const cors = corsHeaders(event, origins);
    let sub: string | undefined;
    const tell = (level: 'INFO' | 'ERROR', message: string, outcome: CredentialOutcome, more: object = {}) => report(
      { level, message, sub, outcome, milliseconds: Math.round((monotonicMillis() - startedAt) * 10) / 10, requestId: context?.awsRequestId, ...more },
      { [outcome]: 1 }, context?.functionName,
    );
    try {
      // What is configured wrongly is nobody's token.
      await steps.store;
      const method = event.requestContext?.http?.method ?? event.httpMethod;
      const owner = tokenOwner(event, options);
      sub = owner?.sub;
      const { answer, outcome, reason } = await settled(method, owner, options.userPoolId, steps, requestDeadline(context));
      tell('INFO', `the request was answered with ${answer.statusCode}`, outcome, { reason });
      return { ...answer, headers: { ...answer.headers, ...cors } };
    } catch (error) {
      tell('ERROR', 'the request could not be answered', 'unavailable', { error: loggedError(error) });
      const mayPass = error instanceof UserSyncError && error.failure === 'transient';
      return mayPass ? answered(503, { message: 'Service Unavailable' }, { 'retry-after': String(ROW_SECONDS), ...cors }) : answered(500, { message: 'Internal Server Error' }, cors);
    }
  };
}

async function settled(method: string | undefined, owner: TokenOwner | undefined, userPoolId: string, steps: CredentialSteps, deadline: Deadline): Promise<Settled> {
  if (method !== 'POST' && method !== 'DELETE') return { ...refused(405, 'Method Not Allowed', { allow: METHODS }), reason: 'method' };
  if (!owner) return { ...refused(403, 'Forbidden'), reason: 'token' };
  const store = await steps.store;
  // Only ever takes away, so that nobody has to be asked.
  if (method === 'DELETE') {
    await store.write(owner.sub, null, deadline);
    return { answer: answered(204), outcome: 'revoked' };
  }
  // A token outlives its user by as long as it is valid.
  const user = await steps.directory.named(userPoolId, owner.username, deadline);
  if (user?.sub !== owner.sub || user.enabled !== true) return { ...refused(403, 'Forbidden'), reason: user?.sub === owner.sub ? 'disabled' : 'gone' };
  const secret = newSecret();
  // The authorizer is shown a `sub`, and must ask for a username.
  if (!await store.write(owner.sub, storedCredential(secret, owner.username), deadline)) {
    return { ...refused(409, 'Your account is still being set up. Please try again.', { 'retry-after': String(ROW_SECONDS) }), reason: 'noRow' };
  }
  return { answer: answered(201, { username: owner.sub, password: secret }), outcome: 'claimed' };
}

function refused(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}): Settled {
  return { answer: answered(statusCode, { message }, headers), outcome: 'refused' };
}

function answered(statusCode: number, body?: object, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return { statusCode, headers: { ...(body && { 'content-type': 'application/json' }), 'cache-control': 'no-store', ...headers }, body: body ? JSON.stringify(body) : '' };
}
