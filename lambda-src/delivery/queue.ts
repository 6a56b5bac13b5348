import { type AwsAnswer, awsCall, AwsUnreachableError, isThrottled, jsonRequest } from '../aws/aws-call';
import type { AwsCredentials } from '../aws/credentials';
import { awsEnvironment } from '../aws/environment';
import type { Deadline } from '../deadline';
import { ConfigurationError, QueueError } from '../errors';
import { sideBySide } from '../side-by-side';

/** A standard queue of SQS. */
export interface QueueOptions {
  /** `https://sqs.<region>.amazonaws.com/<account>/<name>` */
  readonly url: string | undefined;
  /** @default - the one in the URL */
  readonly region?: string;
  /** @default - those of the Lambda function */
  readonly credentials?: () => AwsCredentials;
  /** @default - AWS_ENDPOINT_URL_SQS, else the URL's own host */
  readonly endpointUrl?: string;
}

export interface SendOptions {
  /** At most 900. */
  readonly delaySeconds?: number;
  /** At the most, within the deadline. @default 3 */
  readonly attempts?: number;
  /** Readable for whoever may look at the queue: never a user's value. */
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface Postponed {
  readonly receiptHandle: string;
  /** From now on, at most 43,200. */
  readonly seconds: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const MOST_IN_BATCH = 10;

/** So many calls at the same time. */
const SIDE_BY_SIDE = 5;

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 *
 * @throws UserSyncError
 */
export async function sendToQueue(queue: QueueOptions, body: string, deadline: Deadline, { delaySeconds, attempts, attributes = {} }: SendOptions = {}): Promise<void> {
  const typed = Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]);
  const { json } = await call(queue, 'SendMessage', { MessageBody: body, DelaySeconds: delaySeconds, MessageAttributes: Object.fromEntries(typed) }, deadline, attempts);
  // An answer of something that is not SQS must not count as kept.
  if (typeof json.MessageId !== 'string') throw new QueueError('transient', 'SQS did not confirm the message: check the endpoint');
}

/**
 * Has received messages come again later; without it they come after the queue's visibility timeout.
 *
 * @throws UserSyncError
 */
export async function postpone(queue: QueueOptions, messages: readonly Postponed[], deadline: Deadline): Promise<void> {
  const batches = Array.from({ length: Math.ceil(messages.length / MOST_IN_BATCH) }, (_, index) => messages.slice(index * MOST_IN_BATCH, (index + 1) * MOST_IN_BATCH));
  await sideBySide(batches, SIDE_BY_SIDE, async (batch) => {
    const entries = batch.map(({ receiptHandle, seconds }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: Math.round(seconds) }));
    await call(queue, 'ChangeMessageVisibilityBatch', { Entries: entries }, deadline);
  });
}

/** What can be told without a call. */
export function configurationError({ url }: QueueOptions): ConfigurationError | undefined {
  return url && URL.canParse(url) ? undefined : new ConfigurationError('the queue has no URL: expected https://sqs.<region>.amazonaws.com/<account>/<name>; is the environment variable set?');
}

async function call(queue: QueueOptions, action: string, body: object, deadline: Deadline, attempts?: number): Promise<AwsAnswer> {
  const { url, credentials = awsEnvironment.credentials, endpointUrl = awsEnvironment.endpointUrl('SQS') } = queue;
  const wrong = configurationError(queue);
  if (wrong) throw wrong;
  const { origin, host } = new URL(url!);
  const region = queue.region ?? /^sqs\.([a-z0-9-]+)\./.exec(host)?.[1] ?? awsEnvironment.region;
  if (!region) throw new ConfigurationError('the queue\'s Region is not known: expected a URL of SQS, or region beside it');
  const service = { service: 'sqs', region, credentials, endpointUrl: endpointUrl ?? origin };
  const answer = await awsCall(service, jsonRequest(`AmazonSQS.${action}`, { QueueUrl: url, ...body }, '1.0'), deadline, attempts).catch(unreachable);
  if (answer.status === 200) return answer;
  const got = `SQS answered ${answer.status} ${answer.errorType}`;
  if (answer.status >= 500 || isThrottled(answer)) throw new QueueError('transient', got, answer.errorType);
  throw new QueueError('misconfigured', `${got} to ${action}: check the queue's URL, and that the role may call it`, answer.errorType);
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new QueueError('transient', `SQS could not be reached (${code}): a function in a VPC needs a NAT gateway or an interface endpoint for SQS`, code);
}
