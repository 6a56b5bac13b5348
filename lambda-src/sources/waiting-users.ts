import type { Receipt } from './current-user';
import type { QueueRecord } from './queue-event';
import type { QueuedUser } from './queue-message';

/** One message that was read. */
export interface WaitingUser {
  readonly record: QueueRecord;
  readonly queued: QueuedUser;
  readonly receipt: Receipt;
}

/** All messages of a batch about one user. */
export interface UserMessages {
  /** The newest observation, with the client metadata of any: only the first one has them. */
  readonly newest: WaitingUser;
  readonly records: readonly QueueRecord[];
}

/** @param trustedSender unique id of the role whose snapshots are believed; undefined for whoever may send */
export function receiptOf({ attributes }: QueueRecord, trustedSender: string | undefined): Receipt {
  const { SentTimestamp, SenderId } = attributes ?? {};
  return {
    sentAt: Number(SentTimestamp ?? Date.now()),
    isFromTrigger: trustedSender === undefined || SenderId?.split(':')[0] === trustedSender,
  };
}

/**
 * One write for each user: the older observation would be of no use. Who is missing stands alone: a message that says so
 * tells nothing of others about the same user.
 */
export function byUser(messages: readonly WaitingUser[]): UserMessages[] {
  const users = new Map<string, WaitingUser[]>();
  for (const message of messages) {
    const { userPoolId, sub, missingSince } = message.queued;
    const user = JSON.stringify([userPoolId, sub, missingSince !== undefined]);
    users.set(user, [...users.get(user) ?? [], message]);
  }
  return [...users.values()].map((all) => {
    const newest = all.reduce((a, b) => (seenAt(b) > seenAt(a) ? b : a));
    const clientMetadata = newest.queued.clientMetadata ?? all.find(({ queued }) => queued.clientMetadata)?.queued.clientMetadata;
    return { newest: { ...newest, queued: { ...newest.queued, clientMetadata } }, records: all.map(({ record }) => record) };
  });
}

function seenAt({ queued, receipt }: WaitingUser): number {
  return Math.min(queued.observedAt.getTime(), receipt.sentAt);
}
