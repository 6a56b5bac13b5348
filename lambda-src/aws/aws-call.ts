import type { Agent, IncomingMessage } from 'node:http';
import type { Deadline } from '../deadline';
import { onDemand } from '../on-demand';
import type { AwsCredentials } from './credentials';

/** A service of AWS in one Region, and who calls it. */
export interface AwsService {
  /** As in a signature's scope: `sqs`, `cognito-idp`, … */
  readonly service: string;
  readonly region: string;
  readonly credentials: () => AwsCredentials;
  /** @default - the service's public endpoint in the Region */
  readonly endpointUrl?: string;
  /** Keeps connections from one call to the next. @default - a connection of its own for each call: one that is kept dies silently while Lambda freezes the environment */
  readonly agent?: Agent;
}

export interface AwsRequest {
  /** @default 'POST' */
  readonly method?: 'GET' | 'POST';
  /** @default '/' */
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body as JSON; empty where it is none. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Of an error: `ThrottlingException`, `QueueDoesNotExist`, … */
  readonly errorType: string;
}

/** No answer came. Has the system's code, such as ECONNREFUSED or ETIMEDOUT, and no message of anybody's. */
export class AwsUnreachableError extends Error {
  override readonly name = 'AwsUnreachableError';

  constructor(readonly code: string) {
    super(code);
  }
}

const FIRST_PAUSE_MILLIS = 50;
const MOST_PAUSE_MILLIS = 400;

/** Somebody else was writing the item: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const CONFLICT = /^(TransactionConflict|ReplicatedWriteConflict)/;

/** Of Lambda, the largest of them all: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_CHARACTERS = 7_000_000;

/**
 * Calls a service, and again where it is busy or the connection broke. One signed request of our own: loading the AWS
 * SDK takes longer than all the rest of a cold start.
 *
 * @param attempts at the most, within the deadline
 * @returns the last answer, which may be an error
 * @throws AwsUnreachableError
 */
export async function awsCall(service: AwsService, request: AwsRequest, deadline: Deadline, attempts = 3): Promise<AwsAnswer> {
  for (let attempt = 1; ; attempt++) {
    const last = await outcomeOf(post(service, request, deadline.remaining()));
    const pause = Math.min(MOST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * 2 ** (attempt - 1)) * (0.5 + Math.random());
    if (!mayPass(last) || attempt === attempts || deadline.remaining() < 2 * pause) {
      if (last instanceof AwsUnreachableError) throw last;
      return last;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** Services that speak AWS's JSON protocol are told by a header what to do. */
export function jsonRequest(target: string, body: object, version: '1.0' | '1.1' = '1.1'): AwsRequest {
  return { headers: { 'Content-Type': `application/x-amz-json-${version}`, 'X-Amz-Target': target }, body: JSON.stringify(body) };
}

async function outcomeOf(answer: Promise<AwsAnswer>): Promise<AwsAnswer | AwsUnreachableError> {
  try {
    return await answer;
  } catch (error) {
    const { code } = Object(error) as { code?: unknown };
    return new AwsUnreachableError(typeof code === 'string' && /^[A-Z][A-Z_0-9]{2,60}$/.test(code) ? code : 'no code');
  }
}

function mayPass(last: AwsAnswer | AwsUnreachableError): boolean {
  if (last instanceof AwsUnreachableError) return last.code !== 'ETIMEDOUT';
  return last.status >= 500 || isThrottled(last) || CONFLICT.test(last.errorType);
}

/** A limit on size stays where it is. */
export function isThrottled({ status, errorType }: AwsAnswer): boolean {
  return status === 429 || /Throttl|TooManyRequests|ThroughputExceeded|(?<!Size)LimitExceeded/.test(errorType);
}

async function post({ service, region, credentials, endpointUrl, agent }: AwsService, { method = 'POST', path = '/', headers, body }: AwsRequest, limitMillis: number): Promise<AwsAnswer> {
  // It comes with events and ARNs, and would name the host.
  if (!/^[a-z0-9-]+$/.test(region)) throw Object.assign(new Error('no Region'), { code: 'EINVAL' });
  const endpoint = new URL(endpointUrl ?? `https://${service}.${region}.${domain(region)}`);
  const signed = onDemand.aws4().sign({
    service,
    region,
    method,
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    port: endpoint.port || undefined,
    path,
    headers: { ...headers },
    body,
  }, credentials());
  return new Promise((resolve, reject) => {
    const outgoing = onDemand.request(endpoint.protocol)({ ...signed, agent: agent ?? false } as object, (answer) => {
      answerOf(answer).then(resolve, reject);
    });
    // Over the whole answer: a server may also be slow in the middle of it.
    const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), limitMillis);
    outgoing.on('close', () => clearTimeout(timer));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function answerOf(answer: IncomingMessage): Promise<AwsAnswer> {
  let body = '';
  for await (const part of answer.setEncoding('utf8')) {
    body += part;
    if (body.length > MOST_CHARACTERS) throw Object.assign(new Error('answer too long'), { code: 'EMSGSIZE' });
  }
  const { statusCode: status = 0 } = answer;
  const json = parsed(body);
  const [errorType = 'no error type'] = /\w{1,60}(?=$|:)/.exec(String(json.__type ?? answer.headers['x-amzn-errortype'] ?? codeInXml(status, body))) ?? [];
  return { status, headers: answer.headers, body, json, errorType };
}

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
function domain(region: string): string {
  if (region.startsWith('cn-')) return 'amazonaws.com.cn';
  return region.startsWith('eusc-') ? 'amazonaws.eu' : 'amazonaws.com';
}

/** The older services answer in XML. Of errors alone: elsewhere anybody's text may look like one. */
function codeInXml(status: number, body: string): string {
  return (status >= 400 && /<Code>(\w+)<\/Code>/.exec(body)?.[1]) || '';
}

function parsed(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
