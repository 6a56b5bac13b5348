import type { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { retryAfterMillis } from './retry-after';
import { mayPass } from './service-error';
import { exchanged, type NoAnswer, type ServiceAddress, type ServiceAnswer, type ServiceRequest } from './service-exchange';
import type { ServiceLogin } from './service-login';
import type { Deadline } from '../../deadline';
import { UserStoreError } from '../../errors';

/** An application's own service, and as whom it is called. */
export interface UserService extends ServiceAddress {
  readonly login: ServiceLogin;
}

const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MILLIS = 100;
const MOST_PAUSE_MILLIS = 1_000;

/** API Gateway waits for 29 seconds itself: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const ANSWER_MILLIS = 30_000;

const MOST_REDIRECTS = 3;

/**
 * Asks a service, and again where it is busy or the connection broke, as long as there is time. Every request can be
 * repeated: it says what the user is, not what changed, and has a key that tells it from others.
 *
 * @returns the last answer, which may be an error
 * @throws UserSyncError where the login cannot be had
 */
export async function called(request: ServiceRequest, service: UserService, agent: Agent, deadline: Deadline): Promise<ServiceAnswer | NoAnswer> {
  for (let attempt = 1; ; attempt++) {
    const last = await letIn(request, service, agent, deadline);
    if (!mayPass(last) || attempt === MOST_ATTEMPTS) return last;
    const pause = pauseBefore(attempt, last);
    if (pause >= deadline.remaining()) return last;
    await sleep(pause);
  }
}

/** With another key where the service rejects this one: it may have been rotated. */
async function letIn(request: ServiceRequest, service: UserService, agent: Agent, deadline: Deadline): Promise<ServiceAnswer | NoAnswer> {
  const { login } = service;
  const inTime = async <T>(work: Promise<T>) => deadline.race(work, () => new UserStoreError('transient', 'the login for the user service was not there in time'));
  const ask = async (asked: ServiceRequest) => {
    const headers = await inTime(login.headers(asked, service));
    return { headers, answer: await exchanged({ ...asked, headers }, service, agent, Math.min(ANSWER_MILLIS, deadline.remaining())) };
  };
  const { headers, answer } = await redirected(request, service, ask);
  if (!login.renewed || !('status' in answer) || ![401, 403].includes(answer.status) || !await inTime(login.renewed(headers))) return answer;
  return (await redirected(request, service, ask)).answer;
}

interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: ServiceAnswer | NoAnswer;
}

/** Follows who says that the same request goes to another path. Never to another host: it would get the user and the login. */
async function redirected(request: ServiceRequest, { url }: UserService, ask: (request: ServiceRequest) => Promise<Asked>): Promise<Asked> {
  let asked = request;
  for (let redirects = 0; ; redirects++) {
    const outcome = await ask(asked);
    const path = pathOnSameHost(outcome.answer, new URL(asked.path, url));
    if (path === undefined || redirects === MOST_REDIRECTS) return outcome;
    asked = { ...request, path };
  }
}

function pathOnSameHost(answer: ServiceAnswer | NoAnswer, from: URL): string | undefined {
  if (!('status' in answer) || ![307, 308].includes(answer.status)) return undefined;
  const { headers: { location } } = answer;
  if (!location || !URL.canParse(location, from.href)) return undefined;
  const { origin, pathname, search } = new URL(location, from);
  return origin === from.origin ? pathname + search : undefined;
}

function pauseBefore(attempt: number, last: ServiceAnswer | NoAnswer): number {
  const asked = 'headers' in last ? retryAfterMillis(last.headers) : undefined;
  return asked ?? Math.min(MOST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** (attempt - 1)) * (0.5 + Math.random());
}
