import { CloudFormationError } from './cloudformation-error';
import type { CustomResourceEvent } from './request';
import type { Deadline } from '../deadline';
import { onDemand } from '../on-demand';

export type Answer = Success | Failed;

interface Success {
  readonly status: 'SUCCESS';
  readonly physicalResourceId: string;
  readonly data?: Readonly<Record<string, string>>;
}

interface Failed {
  readonly status: 'FAILED';
  readonly physicalResourceId: string;
  /** Cut where it is too long. */
  readonly reason: string;
  /** Where to read on; never cut. */
  readonly more: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html */
const MOST_BYTES = 4_096;

const ATTEMPTS = 6;
const ATTEMPT_MILLIS = 10_000;
const FIRST_PAUSE_MILLIS = 50;

/**
 * Tells CloudFormation what became of its request, and again where that did not arrive.
 *
 * @throws CloudFormationError so that Lambda, which CloudFormation invokes asynchronously, has the request handled again
 */
export async function putAnswer(event: CustomResourceEvent, answer: Answer, deadline: Deadline): Promise<void> {
  const body = bodyOf(event, answer);
  for (let attempt = 1, pause = FIRST_PAUSE_MILLIS; ; attempt++, pause *= 2) {
    const got = await put(event.ResponseURL, body, deadline.within(ATTEMPT_MILLIS).remaining());
    if (got === 200) return;
    if (attempt === ATTEMPTS || deadline.remaining() < 2 * pause) {
      throw new CloudFormationError('transient', `CloudFormation could not be answered (${got}): expected the ResponseURL of a request that still waits; Lambda has the request handled again`, String(got));
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function bodyOf({ StackId, RequestId, LogicalResourceId }: CustomResourceEvent, answer: Answer): string {
  const body = (Reason?: string) => JSON.stringify({
    Status: answer.status,
    Reason,
    PhysicalResourceId: answer.physicalResourceId,
    StackId,
    RequestId,
    LogicalResourceId,
    ...(answer.status === 'SUCCESS' && { Data: answer.data }),
  });
  if (answer.status === 'SUCCESS') return body();
  const whole = body(`${answer.reason} ${answer.more}`);
  let end = MOST_BYTES;
  let cut = whole;
  // A character may be six bytes of JSON.
  while (Buffer.byteLength(cut) > MOST_BYTES && end > 0) cut = body(`${answer.reason.slice(0, end -= 32)}… ${answer.more}`);
  return cut;
}

/** The answer's status, or the code of what kept it from coming. */
async function put(url: string, body: string, limitMillis: number): Promise<number | string> {
  // Node's own error would have the URL.
  if (!URL.canParse(url)) return 'no URL';
  return new Promise((resolve) => {
    // S3's signature is for no content type at all.
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const { protocol } = new URL(url);
    const outgoing = onDemand.request(protocol)(url, { method: 'PUT', headers, agent: false }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 'no status');
    });
    const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), limitMillis);
    outgoing.on('close', () => clearTimeout(timer));
    // Never the error itself: its message may have the URL.
    outgoing.on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'no code'));
    outgoing.end(body);
  });
}
