import type { CognitoUser, Identity } from '../cognito-user';
import { QueueMessageError } from '../errors';

/** Grows with every change that an older consumer cannot read: it sends what it does not know to the dead letters. */
const VERSION = 1;

/** As Cognito's API has it; its Region becomes part of a host's name. */
const USER_POOL_ID = /^[\w-]+_[0-9a-zA-Z]+$/;

/** What waits in the queue: whose row must be looked after, and how the user was when they were sent here. */
export interface QueuedUser {
  readonly userPoolId: string;
  readonly sub: string;
  readonly username?: string;
  /** When Cognito was in the state that this tells of. */
  readonly observedAt: Date;
  /** What Cognito does not keep, and would be lost otherwise: the keys that are mapped. */
  readonly clientMetadata?: Readonly<Record<string, string>>;
  /** How the user was. Left out in a nudge, which only tells that something changed. */
  readonly snapshot?: Snapshot;
  /** Since when Cognito does not find the user; they are gone when that is still so minutes later. */
  readonly missingSince?: Date;
}

type Snapshot = Pick<CognitoUser, 'status' | 'enabled' | 'attributes' | 'identities'>;

/**
 * @param keepsClientMetadata which keys of it
 * @throws QueueMessageError for a user without pool, which no trigger event of Cognito's is
 */
export function queuedUser(user: CognitoUser, keepsClientMetadata: (key: string) => boolean): QueuedUser {
  const { userPoolId, sub, username, observedAt, clientMetadata = {}, status, enabled, attributes, identities } = user;
  if (!userPoolId) throw new QueueMessageError('the event names no user pool: expected userPoolId, as in every event of Cognito\'s');
  const kept = Object.entries(clientMetadata).filter(([key]) => keepsClientMetadata(key));
  return {
    userPoolId,
    sub,
    username,
    observedAt,
    ...(kept.length > 0 && { clientMetadata: Object.fromEntries(kept) }),
    snapshot: { status, enabled, attributes, identities },
  };
}

/** SQS takes 1 MiB, the attributes that dead letters have included. */
const MOST_BYTES = 1_000_000;

/**
 * The body of the message. Where it would be too large for SQS, it goes without the client metadata, which whoever
 * signs up chooses and which has no limit that we know; then without the snapshot, which Cognito has.
 */
export function queueMessage(user: QueuedUser): string {
  const { clientMetadata, ...lasting } = user;
  const { snapshot, ...nudge } = lasting;
  const bodies = [user, lasting, nudge].map((each) => JSON.stringify({ version: VERSION, ...each }));
  return bodies.find((body) => Buffer.byteLength(body) <= MOST_BYTES) ?? bodies[2];
}

/** @throws QueueMessageError, without anything of what the message says */
export function readQueueMessage(body: string): QueuedUser {
  const message = jsonObject(body);
  if (message.version !== VERSION) {
    const got = typeof message.version === 'number' ? `version ${message.version}` : 'no version';
    throw new QueueMessageError(`the message has ${got}: expected version ${VERSION}; a newer release of the function may know it: deploy that, and redrive the message`);
  }
  const { userPoolId, sub, username, clientMetadata, snapshot, missingSince } = message;
  const observedAt = moment(message.observedAt);
  if (!isText(userPoolId) || !isText(sub) || !observedAt) {
    throw new QueueMessageError('the message lacks userPoolId, sub or observedAt: check what sends to the queue');
  }
  if (!USER_POOL_ID.test(userPoolId)) {
    throw new QueueMessageError('the message has a userPoolId that is none: expected <Region>_<id>; check what sends to the queue');
  }
  return {
    userPoolId,
    sub,
    observedAt,
    username: isText(username) ? username : undefined,
    clientMetadata: clientMetadata === undefined ? undefined : texts(clientMetadata),
    snapshot: snapshot === undefined ? undefined : readSnapshot(snapshot),
    missingSince: moment(missingSince),
  };
}

/** The user as the message has them; undefined for a nudge. */
export function userOfQueueMessage({ snapshot, userPoolId, sub, username, observedAt, clientMetadata }: QueuedUser): CognitoUser | undefined {
  return snapshot && { ...snapshot, userPoolId, sub, username, observedAt, clientMetadata };
}

function readSnapshot(snapshot: unknown): Snapshot {
  const { status, enabled, attributes, identities } = Object(snapshot);
  return {
    status: isText(status) ? status : undefined,
    enabled: typeof enabled === 'boolean' ? enabled : undefined,
    attributes: texts(attributes),
    identities: Array.isArray(identities) ? identities.filter(isIdentity) : undefined,
  };
}

function isIdentity(identity: unknown): identity is Identity {
  return isText(Object(identity).providerName);
}

/** No prototype, so that a key such as `constructor` is a key and nothing else. */
function texts(values: unknown): Record<string, string> {
  if (typeof values !== 'object' || values === null) throw new QueueMessageError('the message has attributes or client metadata that are no object: check what sends to the queue');
  return Object.assign(Object.create(null), Object.fromEntries(Object.entries(values).filter(([, value]) => typeof value === 'string')));
}

function moment(value: unknown): Date | undefined {
  const parsed = isText(value) ? new Date(value) : undefined;
  return parsed && !Number.isNaN(parsed.getTime()) ? parsed : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function jsonObject(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    throw new QueueMessageError('the message is no JSON: check what sends to the queue');
  }
}
