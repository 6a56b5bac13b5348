import type { Agent } from 'node:http';
import { retryAfterMillis } from './retry-after';
import { mayPass, mayStillBeDone } from './service-error';
import { exchanged, type NoAnswer, type ServiceAddress, type ServiceAnswer, type ServiceRequest } from './service-exchange';
import type { ServiceLogin } from './service-login';
import type { Deadline } from '../../deadline';
import { UserStoreError } from '../../errors';
import { timeForOneAnswer } from '../row-by-row';

/** An application's own service, and as whom it is called. */
export interface UserService extends ServiceAddress {
  readonly login: ServiceLogin;
}

export interface Called {
  /** May be an error. */
  readonly last: ServiceAnswer | NoAnswer;
  /** Whether the service may be at an earlier request still, or have done it without telling. */
  readonly isUncertain: boolean;
}

const MOST_ATTEMPTS = 4;
const FIRST_PAUSE_MILLIS = 100;
const MOST_PAUSE_MILLIS = 1_000;

/** API Gateway waits for 29 seconds itself: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const ANSWER_MILLIS = 30_000;

const MOST_REDIRECTS = 3;

interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: ServiceAnswer | NoAnswer;
}

/** The requests of one call of the store. */
export class ServiceCall {
  /** Once for all of them: a service may also refuse what has nothing to do with the login by 403. */
  private renewal?: Promise<void>;

  /** @param rows that this call is for */
  constructor(private readonly service: UserService, private readonly agent: Agent, private readonly deadline: Deadline, private readonly rows: number) {}

  /**
   * Asks a service, and again where it is busy or the connection broke, as long as there is time. Every request can be
   * repeated: it says what the user is, not what changed, and has a key that tells it from others.
   *
   * @throws UserSyncError where the login cannot be had
   */
  async called(request: ServiceRequest): Promise<Called> {
    let isUncertain = false;
    for (let attempt = 1; ; attempt++) {
      const last = await this.letIn(request);
      if (!mayPass(last, request.method) || attempt === MOST_ATTEMPTS) return { last, isUncertain };
      const pause = pauseBefore(attempt, last);
      if (pause >= this.deadline.remaining()) return { last, isUncertain };
      isUncertain ||= mayStillBeDone(last);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** With another key where the service rejects this one: it may have been rotated. */
  private async letIn(request: ServiceRequest): Promise<ServiceAnswer | NoAnswer> {
    const { login } = this.service;
    const { headers, answer } = await this.redirected(request);
    if (!login.renew || !('status' in answer) || ![401, 403].includes(answer.status)) return answer;
    await this.inTime(this.renewal ??= login.renew(headers));
    return await this.inTime(login.isOther!(headers)) ? (await this.redirected(request)).answer : answer;
  }

  /** Follows who says that the same request goes to another path. Never to another host: it would get the user and the login. */
  private async redirected(request: ServiceRequest): Promise<Asked> {
    let asked = request;
    for (let redirects = 0; ; redirects++) {
      const outcome = await this.ask(asked);
      const path = pathOnSameHost(outcome.answer, new URL(asked.path, this.service.url));
      if (path === undefined || redirects === MOST_REDIRECTS) return outcome;
      asked = { ...request, path };
    }
  }

  private async ask(request: ServiceRequest): Promise<Asked> {
    const headers = await this.inTime(this.service.login.headers(request, this.service));
    const limit = Math.min(ANSWER_MILLIS, timeForOneAnswer(this.deadline, this.rows).remaining());
    return { headers, answer: await exchanged({ ...request, headers }, this.service, this.agent, limit) };
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    return this.deadline.race(work, () => new UserStoreError('transient', 'the login for the user service was not there in time', { code: 'ETIMEDOUT' }));
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
