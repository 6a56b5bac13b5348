import type { Fleet } from './fleet';
import type { FunctionProcess } from './function-process';
import type { Kills } from './kills';
import { md5, type Message, type MessageQueue } from './message-queue';
import type { Random } from './random';

/** Six times the consumer's timeout, as AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_SECONDS = 180;

const MOST_IN_BATCH = 300;

export interface EventSourceOptions {
  readonly queue: MessageQueue;
  readonly consumers: Fleet;
  readonly region: string;
  readonly kills: Kills;
  readonly killProbability: number;
  readonly random: Random;
}

/** Lambda's poller between queue and consumer: batches, partial batch responses, and everything at least once. */
export class EventSource {
  received = 0;
  batches = 0;

  constructor(private readonly options: EventSourceOptions) {}

  /** One batch for each consumer that is idle, as far as there are messages. */
  poll(): Array<Promise<void>> {
    const { queue, consumers, random } = this.options;
    return consumers.idle.flatMap((): Array<Promise<void>> => {
      const messages = queue.receive((visible) => random.shuffled(visible).slice(0, random.whole(1, MOST_IN_BATCH)), VISIBILITY_SECONDS);
      for (const { receiptHandle } of messages) if (random.chance(0.02)) queue.deliverAgain(receiptHandle);
      return messages.length > 0 ? [consumers.with((process) => this.consume(messages, process))] : [];
    });
  }

  private async consume(messages: readonly Message[], process: FunctionProcess): Promise<void> {
    const { queue, kills, killProbability } = this.options;
    this.received += messages.length;
    this.batches += 1;
    const event = { Records: messages.map((message) => this.recordOf(message)) };
    const answer = await kills.during(() => process.invoke(event), process, killProbability, messages.flatMap(({ body }) => subOf(body) ?? []));
    // Nothing is deleted where the function failed or was killed: its messages are seen again after their time.
    if (!answer || 'error' in answer) return;
    const { batchItemFailures = [] } = Object(answer.payload) as { readonly batchItemFailures?: ReadonlyArray<{ readonly itemIdentifier: string }> };
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id, receiptHandle } of messages) if (!failed.has(id)) queue.delete(receiptHandle);
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
  private recordOf({ id, body, attributes, senderId, sentAt, receiptHandle, receiveCount, firstReceivedAt }: Message): object {
    return {
      messageId: id,
      receiptHandle,
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: String(sentAt),
        SenderId: senderId,
        ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      },
      messageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, stringListValues: [], binaryListValues: [], dataType: 'String' }])),
      md5OfBody: md5(body),
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:${this.options.region}:111122223333:${queueNameOf(this.options.queue.url)}`,
      awsRegion: this.options.region,
    };
  }
}

export function subOf(body: string): string | undefined {
  return (JSON.parse(body) as { readonly sub?: string }).sub;
}

function queueNameOf(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
