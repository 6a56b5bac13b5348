import { md5, type MessageQueue } from './message-queue';
import { startHttpServer, type HttpAnswer } from '../test/support/http-server';

/**
 * What the functions call of SQS, over HTTP in its JSON protocol
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html).
 * Our own: fauxqs knows the whole service, but its delays and visibility timeouts go by the real clock, and a storm of
 * hours must not take hours. It does not check the signature, only whose it is.
 */
export interface QueueService {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly url: string;
  /** Every answer is this error until it is set to undefined again. */
  refusal: 'ServiceUnavailable' | 'RequestThrottled' | undefined;
  /** How many messages the functions have sent. */
  readonly sent: number;
  stop(): Promise<void>;
}

export interface QueueServiceOptions {
  readonly queues: readonly MessageQueue[];
  /** Access key id → sender id of the role that it belongs to. */
  readonly senders: Readonly<Record<string, string>>;
  /** How late a message comes, in simulated milliseconds. */
  readonly latenessMs: (senderId: string) => number;
  readonly onSent: (queue: MessageQueue, body: string, senderId: string) => void;
}

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
}

const MOST_IN_BATCH = 10;
const LONGEST_DELAY = 900;
const LONGEST_VISIBILITY = 43_200;
const ACCESS_KEY = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/[^/]+\/sqs\/aws4_request/;

export async function startQueueService({ queues, senders, latenessMs, onSent }: QueueServiceOptions): Promise<QueueService> {
  let sent = 0;

  function send(queue: MessageQueue, senderId: string, { MessageBody, DelaySeconds = 0, MessageAttributes = {} }: Entry) {
    if (!MessageBody) throw new Refusal('MissingParameter', 'MessageBody is missing');
    within('DelaySeconds', DelaySeconds, LONGEST_DELAY);
    const attributes = Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));
    const { id } = queue.send({ body: MessageBody, senderId, attributes, delaySeconds: DelaySeconds, latenessMs: latenessMs(senderId) });
    sent += 1;
    onSent(queue, MessageBody, senderId);
    return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
  }

  function changeVisibility(queue: MessageQueue, { ReceiptHandle, VisibilityTimeout }: Entry) {
    within('VisibilityTimeout', VisibilityTimeout, LONGEST_VISIBILITY);
    if (!queue.changeVisibility(ReceiptHandle, VisibilityTimeout)) throw new Refusal('ReceiptHandleIsInvalid', 'no message in flight has this receipt handle');
    return {};
  }

  const actions: Readonly<Record<string, (queue: MessageQueue, senderId: string, parameters: Entry) => object>> = {
    SendMessage: send,
    ChangeMessageVisibility: (queue, _senderId, entry) => changeVisibility(queue, entry),
  };

  const server = await startHttpServer(async (request, body): Promise<HttpAnswer> => {
    const { refusal } = service;
    if (refusal) return refuse(refusal === 'ServiceUnavailable' ? 503 : 400, refusal, 'as the storm wants it');
    const senderId = senders[ACCESS_KEY.exec(request.headers.authorization ?? '')?.[1] ?? ''];
    if (senderId === undefined) return refuse(403, 'AccessDenied', 'the request is not signed for sqs by anybody who is known here');
    const parameters = JSON.parse(body) as Entry & { readonly QueueUrl: string; readonly Entries?: readonly Entry[] };
    const queue = queues.find(({ url }) => url === parameters.QueueUrl);
    if (!queue) return refuse(400, 'QueueDoesNotExist', `got ${parameters.QueueUrl}`);
    const [, name, isBatch] = /^AmazonSQS\.(\w+?)(Batch)?$/.exec(String(request.headers['x-amz-target'])) ?? [];
    const action = actions[name];
    if (!action) return refuse(400, 'UnsupportedOperation', `got ${String(request.headers['x-amz-target'])}, and this fake knows ${Object.keys(actions).join(', ')}, with and without Batch`);
    try {
      return ok(isBatch ? batch(parameters.Entries ?? [], (entry) => action(queue, senderId, entry)) : action(queue, senderId, parameters));
    } catch (error) {
      if (error instanceof Refusal) return refuse(400, error.type, error.message);
      throw error;
    }
  });

  const service: QueueService = {
    url: server.url,
    refusal: undefined,
    get sent() { return sent; },
    stop: () => server.stop(),
  };
  return service;
}

/** Each entry succeeds or fails on its own. */
function batch(entries: readonly Entry[], act: (entry: Entry) => object) {
  if (entries.length === 0) throw new Refusal('EmptyBatchRequest', 'expected 1 to 10 entries');
  if (entries.length > MOST_IN_BATCH) throw new Refusal('TooManyEntriesInBatchRequest', `got ${entries.length} entries, expected 1 to 10`);
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw new Refusal('BatchEntryIdsNotDistinct', 'expected a different Id in each entry');
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      Failed.push({ Id: entry.Id, Code: error.type, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function within(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new Refusal('InvalidParameterValue', `got ${name} ${value}, expected a whole number from 0 to ${most}`);
}

class Refusal extends Error {
  constructor(readonly type: string, message: string) {
    super(message);
  }
}

function ok(body: object): HttpAnswer {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(body) };
}

function refuse(status: number, type: string, message: string): HttpAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message }) };
}
