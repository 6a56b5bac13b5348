import type { NoAnswer, ServiceAnswer } from './service-exchange';
import { isCertificateCode } from '../../certificate-code';
import { type Failure, UserStoreError } from '../../errors';

/**
 * The one place where a failure of a user service is judged: by its status alone. What a service says beside it may quote
 * the user, and never leaves the store.
 */
export function serviceError(last: ServiceAnswer | NoAnswer): UserStoreError {
  if ('code' in last) {
    const [failure, meaning] = judgedBySystem(last.code);
    return new UserStoreError(failure, `${meaning} (${last.code})`, { code: last.code });
  }
  const code = `HTTP ${last.status}`;
  const [, failure, meaning] = STATUSES.find(([pattern]) => pattern.test(String(last.status)))!;
  return new UserStoreError(failure, `the user service answered ${code}: ${meaning}`, { code });
}

/** Whether the same request may succeed a moment later: where it does not say what is wrong with it. */
export function mayPass(last: ServiceAnswer | NoAnswer): boolean {
  return 'code' in last ? judgedBySystem(last.code)[0] === 'transient' : /^(408|425|429|5..)$/.test(String(last.status));
}

/**
 * The first rule that matches. Only what must be wrong with this one user is permanent, and ends with the dead letters:
 * a key that expired answers 401 to everybody, who are written when somebody has renewed it.
 */
const STATUSES: ReadonlyArray<readonly [RegExp, Failure, string]> = [
  [/^(408|425|429|5..)$/, 'transient', 'it may take the user later'],
  [/^3..$/, 'misconfigured', 'it redirects elsewhere, which only a 307 or 308 on the same host may: give the URL that it redirects to'],
  [/^(401|403|407)$/, 'misconfigured', 'it does not let the function in: check the login, and what it may do there'],
  [/^(404|405)$/, 'misconfigured', 'check the URL and the method: PUT must make a user who is not there, POST goes to the URL itself'],
  [/^(402|406|411|415|421|426|428|451)$/, 'misconfigured', 'it takes no such request from anybody: check what it expects'],
  [/^4..$/, 'permanent', 'it refuses this user: check what it expects of the fields'],
  [/^/, 'misconfigured', 'that is no answer of a user service: check the URL'],
];

function judgedBySystem(code: string): readonly [Failure, string] {
  if (code === 'ENOTFOUND') return ['misconfigured', 'the user service\'s host name is not known here: check the URL, and that the function is in the right VPC'];
  if (/^EPROTO$|WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) return ['misconfigured', 'the user service does not speak TLS there: check the port in the URL'];
  if (isCertificateCode(code)) return ['misconfigured', 'the user service\'s certificate could not be verified: check the host name, or give its authority as certificateAuthorities (in the factory\'s options: ca)'];
  if (code === 'ETIMEDOUT') return ['transient', 'the user service did not answer in time'];
  return ['transient', 'the user service could not be reached, or broke off'];
}
