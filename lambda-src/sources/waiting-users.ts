import type { Receipt } from './current-user';
import type { QueueRecord } from './queue-event';
import type { QueuedUser } from './queue-message';

/** One message that was read. */
export interface WaitingUser {
  readonly record: QueueRecord;
  readonly queued: QueuedUser;
  readonly receipt: Receipt;
  /** Whether the user may be written as the message has them. */
  readonly isFresh: boolean;
}

/** The messages of a batch about one user that one write settles. */
export interface UserMessages {
  /** The newest observation, with the client metadata of any of the user's messages: only the first one has them. */
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
 * One write for each user: the older observation would be of no use. Two where some of the messages are fresh and others
 * are to be read: a trigger does not know all that Cognito tells, such as whether a user is enabled. And who is missing
 * stands alone: a message that says so tells nothing of others about the same user.
 */
export function byUser(messages: readonly WaitingUser[]): UserMessages[] {
  const clientMetadata = new Map<string, QueuedUser['clientMetadata']>();
  const groups = new Map<string, WaitingUser[]>();
  for (const message of messages) {
    const { queued, isFresh } = message;
    const user = userOf(queued);
    if (queued.clientMetadata) clientMetadata.set(user, queued.clientMetadata);
    const group = JSON.stringify([user, isFresh, queued.missingSince !== undefined]);
    groups.set(group, [...groups.get(group) ?? [], message]);
  }
  return [...groups.values()].map((all) => {
    const { queued, ...newest } = all.reduce((a, b) => (seenAt(b) > seenAt(a) ? b : a));
    return {
      newest: { ...newest, queued: { ...queued, clientMetadata: queued.clientMetadata ?? clientMetadata.get(userOf(queued)) } },
      records: all.map(({ record }) => record),
    };
  });
}

function userOf({ userPoolId, sub }: QueuedUser): string {
  return JSON.stringify([userPoolId, sub]);
}

function seenAt({ queued, receipt }: WaitingUser): number {
  return Math.min(queued.observedAt.getTime(), receipt.sentAt);
}
