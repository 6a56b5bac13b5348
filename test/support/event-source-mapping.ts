import { DeleteMessageBatchCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs';
import type { Invocation, LambdaFunction } from './lambda-function';
import type { Queue, Sqs } from './sqs';

/**
 * What Lambda does between a queue and its consumer: receives a batch, invokes the function with it, and deletes what the
 * function has done. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export interface EventSourceMapping {
  /** How far the time of the queue and of the consumer is ahead of ours. */
  readonly aheadMs: number;
  /** One batch of what is visible. @returns undefined when there was nothing */
  poll(): Promise<Polled | undefined>;
  /** Until the queue is empty; where nothing is visible, time passes. @throws when there are still messages after a day */
  drain(): Promise<void>;
  /** Lets time pass. */
  advance(milliseconds: number): Promise<void>;
}

export interface Polled {
  readonly messages: readonly Message[];
  /** Message ids of what the function did not take. */
  readonly failed: readonly string[];
  readonly invocation: Invocation;
}

export interface EventSourceMappingOptions {
  readonly sqs: Sqs;
  readonly queue: Queue;
  readonly consumer: LambdaFunction;
  /** @default 10, the most that SQS gives at once */
  readonly batchSize?: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** The longest that SQS delays a message, and that the consumer has one wait. */
const STEP = 15 * MINUTE;

export function eventSourceMapping({ sqs, queue, consumer, batchSize = 10 }: EventSourceMappingOptions): EventSourceMapping {
  const { client } = sqs;

  const mapping = {
    aheadMs: 0,
    async poll(): Promise<Polled | undefined> {
      const { Messages: messages } = await client.send(new ReceiveMessageCommand({
        QueueUrl: queue.url, MaxNumberOfMessages: batchSize, WaitTimeSeconds: 0, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'],
      }));
      if (messages === undefined) return undefined;
      const invocation = await consumer.invoke({ Records: messages.map((message) => record(message, queue)) }, { clockOffsetMs: mapping.aheadMs });
      const ids = messages.map(({ MessageId }) => MessageId!);
      const failed = failedOf(invocation, ids);
      const done = messages.filter(({ MessageId }) => !failed.includes(MessageId!));
      if (done.length > 0) {
        await client.send(new DeleteMessageBatchCommand({
          QueueUrl: queue.url, Entries: done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
        }));
      }
      return { messages, failed, invocation };
    },
    async drain() {
      for (const until = mapping.aheadMs + DAY; ;) {
        while (await mapping.poll());
        const { visible, delayed, inFlight } = await sqs.messages(queue);
        const left = visible.length + delayed.length + inFlight.length;
        if (left === 0) return;
        if (mapping.aheadMs >= until) throw new Error(`the queue still has ${left} messages after a day of tries, expected none: the log of function ${consumer.name} says why`);
        await mapping.advance(STEP);
      }
    },
    async advance(milliseconds: number) {
      mapping.aheadMs += milliseconds;
      await sqs.advance(milliseconds);
    },
  };
  return mapping;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event */
function record({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {}, MD5OfBody }: Message, { arn }: Queue) {
  const messageAttributes = Object.entries(MessageAttributes).map(([name, { StringValue, DataType }]) =>
    [name, { stringValue: StringValue, stringListValues: [], binaryListValues: [], dataType: DataType }]);
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: Object.fromEntries(messageAttributes),
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: arn.split(':')[3],
  };
}

/** A function that fails, or that answers what Lambda does not understand, has done nothing. */
function failedOf({ payload, functionError }: Invocation, ids: readonly string[]): readonly string[] {
  if (functionError) return ids;
  const { batchItemFailures } = Object(payload) as { batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return [];
  if (!Array.isArray(batchItemFailures)) return ids;
  const failed = batchItemFailures.map((failure) => Object(failure).itemIdentifier as string);
  return failed.every((id) => ids.includes(id)) ? failed : ids;
}
