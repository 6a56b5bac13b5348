import type { AuditedWrite, StoredRow } from './verdict';
import type { DatabasePlan } from '../src/private/plan';
import type { TcpProxy } from '../test/support/tcp-proxy';

/** What writes to a store; each has a login of its own, so that the audit can tell them apart. */
export type FunctionName = 'trigger' | 'consumer';

/** How the audit names them. */
export const WRITERS: Readonly<Record<FunctionName, string>> = { trigger: 'storm_trigger', consumer: 'storm_consumer' };

export const SECRET_ARNS: Readonly<Record<FunctionName, string>> = {
  trigger: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:trigger-abcdef',
  consumer: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:consumer-abcdef',
};

export const ACCESS_KEY_IDS: Readonly<Record<FunctionName, string>> = { trigger: 'AKIATRIGGER', consumer: 'AKIACONSUMER' };

/** One of the storm's tables, or what holds its users in a store that has no tables. */
export interface StormTable {
  readonly name: string;
  /** Whether a column is mapped from `observedAt`. */
  readonly hasVersion: boolean;
}

/** Where the rows live, what watches them, and a real TCP proxy between it and the functions. */
export interface StormStore {
  readonly proxy: TcpProxy;
  /** What {@link raise} knows. */
  readonly failures: readonly string[];
  /** By the function's own login, and by way of the proxy. */
  access(name: FunctionName, table: string): Access;
  /** What an application does when a user is deleted. */
  deleteRow(table: string, sub: string): Promise<void>;
  rows(table: string): Promise<StoredRow[]>;
  /** Every row as it was written, in the order in which the store did it. */
  audit(): Promise<AuditedWrite[]>;
  /** Every write fails like this until it is set to undefined again. */
  raise(failure: string | undefined): Promise<void>;
  /** Nobody writes to any of the tables, the application neither. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  /** Whether commits are told at all: it may cost each of them a little. */
  tell(isTelling: boolean): Promise<void>;
  /** Called with the user's sub right after a commit, often before whoever committed knows. */
  onCommit(listener: (sub: string) => void): void;
  /** What else this kind of store can count. */
  figures(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

export interface Access {
  /** The function's folder in the assets. */
  readonly bundle: string;
  readonly plan: DatabasePlan;
  readonly environment?: Readonly<Record<string, string>>;
  /** In Secrets Manager, under the function's ARN. */
  readonly secret?: string;
}
