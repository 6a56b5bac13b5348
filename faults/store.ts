import type { Fault } from './fault';
import type { DatabasePlan } from '../src/private/plan';
import type { TcpProxy } from '../test/support/tcp-proxy';
import type { Rudeness } from '../test/support/user-service-misbehaviour';

/** Where the rows live, for one fault alone: what every kind of user store can be asked, and what can befall each. */
export interface SiteStore {
  /** Before the store: the functions have no other way to it. */
  readonly proxy: TcpProxy;
  /** For the functions that write. */
  readonly plan: DatabasePlan;
  /** Variables that they have beside those of every site. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the store lets them in with, for Secrets Manager. */
  readonly secret?: string;
  /** Looked up by a way of its own, that no fault breaks. */
  rows(): Promise<readonly StoredRow[]>;
  /** From now on whoever sends a request never hears anything again, on new connections and old ones. `proxy.restore()` undoes it. */
  swallowRequests(): Promise<void>;
  /** From now on so long passes before anything is written. */
  delayWrites(milliseconds: number): Promise<void>;
  /** Whether a write is under way. */
  isWriting(): Promise<boolean>;
  stop(): Promise<void>;
}

/** A store that lets nobody in who has not what is in the secret. */
export interface StoreWithSecret extends SiteStore {
  readonly secret: string;
  /** From now on the store takes another one only. */
  changeSecret(): Promise<void>;
}

/** A store that speaks HTTP, and may speak it badly. */
export interface HttpStore extends SiteStore {
  /** From now on every request is met like this; called without anything, the store is well again. */
  misbehave(rudeness?: Rudeness): void;
}

/** What {@link COLUMNS} says of one user. */
export interface StoredRow {
  readonly cognito_user_id: string;
  readonly email: string | null;
  readonly display_name: string | null;
  readonly handle: string | null;
}

export const COLUMNS: Readonly<Record<keyof StoredRow, string>> = { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'preferred_username' };

/** Of {@link SiteStore.secret}. */
export const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-abcdef';

/** PostgreSQL, or DynamoDB, or … */
export interface StoreKind<Store extends SiteStore = SiteStore> {
  /** The functions that write to it. */
  readonly bundles: { readonly trigger: string; readonly consumer: string; readonly writer?: string };
  readonly faults: readonly Fault<Store>[];
  start(): Promise<StoreServer<Store>>;
}

/** What faults may share, each with a store of its own. */
export interface StoreServer<Store extends SiteStore = SiteStore> {
  open(): Promise<Store>;
  stop(): Promise<void>;
}
