import { retryAfterMillis } from './retry-after';
import type { NoAnswer, ServiceAnswer } from './service-exchange';
import { isCertificateCode } from '../../certificate-code';
import { type Failure, UserStoreError } from '../../errors';

/**
 * The one place where a failure of a user service is judged: by its status alone, but for a page of the web. What a
 * service says beside it may quote the user, and never leaves the store.
 */
export function serviceError(last: ServiceAnswer | NoAnswer, method: string): UserStoreError {
  if ('code' in last) {
    const [failure, meaning] = judgedBySystem(last.code);
    return new UserStoreError(failure, `${meaning} (${last.code})`, { code: last.code });
  }
  const code = `HTTP ${last.status}`;
  const [, failure, meaning] = STATUSES.find(([pattern]) => pattern.test(`${method} ${last.status}`))!;
  const asked = failure === 'transient' ? retryAfterMillis(last.headers) : undefined;
  return new UserStoreError(failure, `the user service answered ${code}: ${meaning}`, { code, ...(asked !== undefined && { retryAfterSeconds: Math.ceil(asked / 1000) }) });
}

/**
 * Whether the same request may succeed a moment later: where it does not say what is wrong with it. Who had their time and
 * no answer is for later: others wait.
 */
export function mayPass(last: ServiceAnswer | NoAnswer, method: string): boolean {
  if ('code' in last) return last.code !== 'ETIMEDOUT' && judgedBySystem(last.code)[0] === 'transient';
  return BUSY.test(`${method} ${last.status}`);
}

/** Nobody told what became of the request: a gateway may say 5xx while the service is still at it. */
export function mayStillBeDone(last: ServiceAnswer | NoAnswer): boolean {
  return 'code' in last || last.status === 408 || last.status >= 500;
}

/** Beside a user who was written: a login page, or that of an app which shows itself under every path. */
export function isPage({ headers }: ServiceAnswer): boolean {
  return /^text\/html\b/i.test(headers['content-type'] ?? '');
}

const BUSY = / (408|423|424|425|429|5..)$|^PUT 409$/;

/**
 * The first rule that matches. Only what must be wrong with this one user is permanent, and ends with the dead letters:
 * a key that expired answers 401 to everybody, who are written when somebody has renewed it.
 */
const STATUSES: ReadonlyArray<readonly [RegExp, Failure, string]> = [
  // Our own first try may be at it: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
  [/^PUT 409$/, 'transient', 'somebody is at this user, maybe an earlier request for them'],
  [/^POST 409$/, 'transient', 'after an earlier request without an answer, which may be at it still'],
  [BUSY, 'transient', 'it may take the user later'],
  [/ 2..$/, 'misconfigured', 'it shows a page of the web (text/html), and has written nobody: check the URL, and whether it leads to a login page or an app of the browser'],
  [/ 3..$/, 'misconfigured', 'it redirects elsewhere, which only a 307 or 308 on the same host may: give the URL that it redirects to'],
  [/ (401|403|407)$/, 'misconfigured', 'it does not let the function in: check the login, and what it may do there'],
  [/ (404|405)$/, 'misconfigured', 'check the URL and the method: PUT must make a user who is not there, POST goes to the URL itself'],
  [/ (402|406|411|415|421|426|428|431|451)$/, 'misconfigured', 'it takes no such request from anybody: check what it expects'],
  [/ 4..$/, 'permanent', 'it refuses this user: check what it expects of the fields'],
  [/^/, 'misconfigured', 'that is no answer of a user service: check the URL'],
];

function judgedBySystem(code: string): readonly [Failure, string] {
  if (code === 'ENOTFOUND') return ['misconfigured', 'the user service\'s host name is not known here: check the URL, and that the function is in the right VPC'];
  if (/^EPROTO$|WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) return ['misconfigured', 'the user service does not speak TLS there: check the port in the URL'];
  if (isCertificateCode(code)) return ['misconfigured', 'the user service\'s certificate could not be verified: check the host name, or give its authority as certificateAuthorities (in the factory\'s options: ca)'];
  if (code === 'ETIMEDOUT') return ['transient', 'the user service did not answer in time'];
  return ['transient', 'the user service could not be reached, or broke off'];
}
