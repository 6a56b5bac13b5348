import { createHash, randomUUID } from 'node:crypto';

/** A message as SQS has it: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly senderId: string;
  readonly sentAt: number;
  /** Who received it last may delete it and change how long it stays hidden. */
  receiptHandle: string;
  receiveCount: number;
  firstReceivedAt: number;
  visibleAt: number;
}

export interface Sent {
  readonly body: string;
  readonly senderId: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly delaySeconds?: number;
  /** How late it can be received, as where many wait before it. */
  readonly latenessMs?: number;
}

/** A standard queue of SQS by a clock of its own: no order, at least once, delays and visibility timeouts. */
export class MessageQueue {
  private readonly messages = new Map<string, Message>();
  private readonly received = new Map<string, Message>();

  constructor(readonly url: string, private readonly now: () => number) {}

  get length(): number {
    return this.messages.size;
  }

  /** When the next message can be received; Infinity where there is none. */
  get next(): number {
    let next = Infinity;
    for (const { visibleAt } of this.messages.values()) next = Math.min(next, visibleAt);
    return next;
  }

  send({ body, senderId, attributes = {}, delaySeconds = 0, latenessMs = 0 }: Sent): Message {
    const sentAt = this.now();
    const visibleAt = sentAt + delaySeconds * 1000 + latenessMs;
    const message: Message = { id: randomUUID(), body, attributes, senderId, sentAt, visibleAt, receiptHandle: '', receiveCount: 0, firstReceivedAt: 0 };
    this.messages.set(message.id, message);
    return message;
  }

  /** Those that can be seen, for as many seconds hidden from others. Each as it is now: it may be received again. */
  receive(choose: (visible: Message[]) => Message[], visibilitySeconds: number): Message[] {
    const now = this.now();
    return choose([...this.messages.values()].filter(({ visibleAt }) => visibleAt <= now)).map((message) => {
      message.receiveCount += 1;
      message.firstReceivedAt ||= now;
      message.receiptHandle = randomUUID();
      message.visibleAt = now + visibilitySeconds * 1000;
      this.received.set(message.receiptHandle, message);
      return { ...message };
    });
  }

  /** Lets somebody else see a message that was just received, as SQS may do at any time. */
  deliverAgain(receiptHandle: string): void {
    this.received.get(receiptHandle)!.visibleAt = this.now();
  }

  /** @returns whether the message was there, and hidden by this receipt or a later one */
  changeVisibility(receiptHandle: string, seconds: number): boolean {
    const message = this.received.get(receiptHandle);
    if (!message || !this.messages.has(message.id)) return false;
    message.visibleAt = this.now() + seconds * 1000;
    return true;
  }

  delete(receiptHandle: string): void {
    const message = this.received.get(receiptHandle);
    this.received.delete(receiptHandle);
    if (message) this.messages.delete(message.id);
  }

  /** All of them at once, as a redrive does. */
  takeAll(): Message[] {
    const all = [...this.messages.values()];
    this.messages.clear();
    return all;
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
