import type { QueuedUser } from './queue-message';
import type { UserDirectory } from './user-directory';
import type { CognitoUser } from '../cognito-user';
import type { Deadline } from '../deadline';

/** So long a snapshot may be written as it is. */
const FRESH_MILLIS = 60_000;

/**
 * From when on a user may be read from Cognito: after the last moment at which an older snapshot could still be written,
 * by a consumer that took it fresh and works for the minute that it has. So the newer state is always written last.
 */
const READ_MILLIS = 2 * FRESH_MILLIS;

/** A user is gone when Cognito does not list them twice, so far apart. */
const GONE_MILLIS = 120_000;

/** How the message came, which tells whether it can be believed. */
export interface Receipt {
  /** By SQS's own clock: nothing is observed after it was sent, whatever a message says. */
  readonly sentAt: number;
  /** Whether it was sent by who hears of users from Cognito itself. */
  readonly isFromTrigger: boolean;
}

/** Whether the user may be written as the message has them. */
export function isFresh({ snapshot, missingSince, observedAt }: QueuedUser, { sentAt, isFromTrigger }: Receipt): boolean {
  return snapshot !== undefined && missingSince === undefined && isFromTrigger && ageMillis(observedAt, sentAt) < FRESH_MILLIS;
}

/** Seconds until the message can be looked at. */
export function secondsToWait(queued: QueuedUser, receipt: Receipt): number {
  return isFresh(queued, receipt) || queued.missingSince ? 0 : secondsUntilRead(queued, receipt);
}

/** Seconds until the user may be read from Cognito. */
export function secondsUntilRead({ observedAt }: QueuedUser, { sentAt }: Receipt): number {
  return Math.max(0, Math.ceil((READ_MILLIS - ageMillis(observedAt, sentAt)) / 1000));
}

/** The user as Cognito has them now. */
export async function currentUser(queued: QueuedUser, { sentAt }: Receipt, directory: UserDirectory, deadline: Deadline): Promise<CognitoUser | 'missing' | 'gone'> {
  const { userPoolId, sub, username, clientMetadata, missingSince } = queued;
  const listed = await directory.withSub(userPoolId, sub, deadline);
  if (listed) return { ...listed, clientMetadata };
  if (!missingSince || Date.now() - Math.max(missingSince.getTime(), sentAt) < GONE_MILLIS) return 'missing';
  // The list may be behind; and a name may have been given to somebody else.
  const named = await directory.named(userPoolId, username ?? sub, deadline);
  return named?.sub === sub ? { ...named, clientMetadata } : 'gone';
}

function ageMillis(observedAt: Date, sentAt: number): number {
  return Date.now() - Math.min(observedAt.getTime(), sentAt);
}
