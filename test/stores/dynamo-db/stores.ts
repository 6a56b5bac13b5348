import { Deadline } from '../../../lambda-src/deadline';
import { dynamoDbTable } from '../../../lambda-src/stores/dynamo-db/dynamo-db-table';
import type { Column } from '../../../lambda-src/user-row';
import type { UserStore } from '../../../lambda-src/user-store';
import type { DynamoDbPlan } from '../../../src/private/plan';
import type { DynamoDb } from '../../support/dynamo-db';

export function column(name: string, overrides: Partial<Column> = {}): Column {
  return { name, kind: 'text', write: 'always', isVersion: false, isSub: false, ...overrides };
}

/** Mapped from `sub`, which tells whose item it is. */
export const sub = (name: string, overrides: Partial<Column> = {}) => column(name, { isSub: true, ...overrides });

export const version = (name: string) => column(name, { kind: 'timestamp', isVersion: true });

/** A moment, as the kind timestamp writes it. */
export const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** @param table whose key is the first column, or those that are named */
export function storeOf(dynamoDb: Pick<DynamoDb, 'url' | 'region'>, tableName: string, columns: readonly Column[], { key = [columns[0].name], ...plan }: Partial<DynamoDbPlan> = {}): UserStore {
  return dynamoDbTable({ tableName, key, ...plan }, {
    region: dynamoDb.region,
    credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }),
    endpointUrl: () => dynamoDb.url,
  }).store(key, columns);
}

export type Row = Readonly<Record<string, string | null>>;

export const write = (store: UserStore, rows: readonly Row[], milliseconds = 10_000) => store.write(rows.map(mapOf), Deadline.after(milliseconds));
export const insert = (store: UserStore, rows: readonly Row[], milliseconds = 10_000) => store.insert(rows.map(mapOf), Deadline.after(milliseconds));

/** `Object.entries` sees `__proto__` only where it is written as a computed key. */
const mapOf = (row: Row) => new Map(Object.entries(row));
