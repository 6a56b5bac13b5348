import {
  ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, GetQueueAttributesCommand, ListDeadLetterSourceQueuesCommand, ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, deadLetterOf } from './dead-letter';
import { inWords } from '../problem';
import { QueueClient } from '../queue-client';

/** A dead letter that nobody else receives as long as we hold it. */
export interface HeldLetter extends DeadLetter {
  readonly body: string;
  readonly receiptHandle: string;
}

export interface Undeleted {
  readonly letter: HeldLetter;
  readonly reason: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
const MOST_IN_BATCH = 10;
const POLLS_AT_ONCE = 4;
/** Long polling asks all servers, short polling a few: it may answer that a queue is empty that is not. */
const WAIT_SECONDS = 1;
/** SQS's count is rough: after so many rounds that end with nothing new, the others are in other hands. */
const MOST_DRY_ROUNDS = 3;

/** A dead-letter queue, and what we hold of it. A process that is killed holds nothing any longer than `holdSeconds`. */
export class DeadLetterQueue {
  private readonly client: QueueClient;
  private readonly held = new Map<string, HeldLetter>();
  /** Later, others may receive what we hold. */
  heldUntil = 0;

  constructor(readonly url: string) {
    this.client = new QueueClient(url);
  }

  /** The queues whose redrive policy names this one. */
  async sources(): Promise<string[]> {
    const urls: string[] = [];
    let NextToken: string | undefined;
    do {
      const command = new ListDeadLetterSourceQueuesCommand({ QueueUrl: this.url, MaxResults: 1000, NextToken });
      const page = await this.client.call('ListDeadLetterSourceQueues', (sqs) => sqs.send(command));
      urls.push(...page.queueUrls ?? []);
      ({ NextToken } = page);
    } while (NextToken);
    return urls.sort();
  }

  /** How many SQS believes can be received. */
  async approximateNumberOfMessages(): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['ApproximateNumberOfMessages'] });
    const { Attributes } = await this.client.call('GetQueueAttributes', (sqs) => sqs.send(command));
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  }

  /**
   * Receives all there is, and holds it: what was given back at once would be received again and again. Only then can
   * anything be sent elsewhere, so that a user who comes back here, not mended, is not sent in circles.
   */
  async hold(expected: number, interrupted: AbortSignal, onSeen: (count: number) => void): Promise<readonly HeldLetter[]> {
    const seconds = holdSeconds(expected);
    this.heldUntil = Date.now() + seconds * 1000;
    let dryRounds = 0;
    while (!interrupted.aborted && dryRounds < (this.held.size >= expected ? 1 : MOST_DRY_ROUNDS)) {
      const before = this.held.size;
      // Never cut short: what SQS has handed out must arrive here, or nobody could give it back.
      const polls = await Promise.allSettled(Array.from({ length: POLLS_AT_ONCE }, () => this.receive(seconds)));
      const failed = polls.find((poll) => poll.status === 'rejected');
      if (failed) throw failed.reason;
      const isDry = this.held.size === before || polls.some((poll) => poll.status === 'fulfilled' && poll.value === 0);
      dryRounds = isDry ? dryRounds + 1 : 0;
      onSeen(this.held.size);
    }
    return [...this.held.values()].sort((a, b) => a.deadSince.localeCompare(b.deadSince));
  }

  /** @returns those that are still there, and why */
  async delete(letters: readonly HeldLetter[]): Promise<readonly Undeleted[]> {
    const failures = await Promise.all(batches(letters).map(async (batch): Promise<Undeleted[]> => {
      const Entries = batch.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
      const command = new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries });
      try {
        const { Successful = [], Failed = [] } = await this.client.call('DeleteMessage', (sqs) => sqs.send(command));
        for (const { Id } of Successful) this.held.delete(batch[Number(Id)].messageId);
        return Failed.map(({ Id, Code }) => ({ letter: batch[Number(Id)], reason: `SQS did not delete it (${Code})` }));
      } catch (error) {
        return batch.map((letter) => ({ letter, reason: inWords(error) }));
      }
    }));
    return failures.flat();
  }

  /**
   * Everything that is still held can be received again, by anybody, now.
   *
   * @returns how many could not be given back, and come back by themselves
   */
  async giveBack(): Promise<number> {
    const letters = [...this.held.values()];
    this.held.clear();
    let failed = 0;
    for (const several of inParts(batches(letters), POLLS_AT_ONCE)) {
      const calls = await Promise.allSettled(several.map((batch) => {
        const Entries = batch.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
        const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.url, Entries });
        // What it refuses has run out already, and is back.
        return this.client.call('ChangeMessageVisibility', (sqs) => sqs.send(command));
      }));
      calls.forEach(({ status }, index) => { if (status === 'rejected') failed += several[index].length; });
    }
    return failed;
  }

  /** @returns how many came */
  private async receive(VisibilityTimeout: number): Promise<number> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      MaxNumberOfMessages: MOST_IN_BATCH,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.client.call('ReceiveMessage', (sqs) => sqs.send(command));
    for (const message of Messages) {
      // A later receipt replaces an earlier one, which deletes nothing any more.
      this.held.set(message.MessageId!, { ...deadLetterOf(message), body: message.Body!, receiptHandle: message.ReceiptHandle! });
    }
    return Messages.length;
  }
}

/** Long enough to receive, send and delete them all: some hundred a second, and time for a question. At most SQS's 12 hours. */
function holdSeconds(expected: number): number {
  return Math.min(300 + Math.ceil(expected / 100), 43_200);
}

function batches(letters: readonly HeldLetter[]): HeldLetter[][] {
  return inParts(letters, MOST_IN_BATCH);
}

export function inParts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
