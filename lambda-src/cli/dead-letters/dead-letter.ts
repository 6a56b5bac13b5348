import type { Message } from '@aws-sdk/client-sqs';
import { QueueMessageError } from '../../errors';
import { readQueueMessage } from '../../sources/queue-message';

/** What may be shown of a dead letter: whose it is and why it died. Nothing that the user wrote, and no username, which may be an address. */
export interface DeadLetter {
  readonly messageId: string;
  readonly sub?: string;
  readonly userPoolId?: string;
  /** ISO 8601, as all times here. */
  readonly observedAt?: string;
  /** When it was sent here. SQS keeps the first queue's time for what it moved here itself. */
  readonly deadSince: string;
  readonly failure?: string;
  readonly error?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly reason?: string;
  /** Why nobody can tell whose it is. */
  readonly unreadable?: string;
}

/** The message attributes in which the consumer tells why. */
const REASON_ATTRIBUTES = ['failure', 'error', 'code', 'constraint', 'table', 'column', 'reason'] as const;

export function deadLetterOf({ MessageId = '', Body = '', Attributes = {}, MessageAttributes = {} }: Message): DeadLetter {
  const reasons = REASON_ATTRIBUTES.map((name) => [name, printable(MessageAttributes[name]?.StringValue)]);
  return {
    messageId: MessageId,
    ...whose(Body),
    deadSince: new Date(Number(Attributes.SentTimestamp)).toISOString(),
    ...(Attributes.DeadLetterQueueSourceArn && { reason: 'received more often than the queue allows, so that SQS moved it' }),
    ...Object.fromEntries(reasons.filter(([, value]) => value !== undefined)),
  };
}

function whose(body: string): Pick<DeadLetter, 'sub' | 'userPoolId' | 'observedAt' | 'unreadable'> {
  try {
    const { sub, userPoolId, observedAt } = readQueueMessage(body);
    return { sub: printable(sub), userPoolId: printable(userPoolId), observedAt: observedAt.toISOString() };
  } catch (error) {
    if (error instanceof QueueMessageError) return { unreadable: error.message };
    throw error;
  }
}

/** Whoever may send to the queue must not steer somebody's terminal. */
function printable(text: string | undefined): string | undefined {
  return text?.replace(/\p{C}/gu, '\ufffd');
}
