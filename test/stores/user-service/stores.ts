import type { CognitoUser } from '../../../lambda-src/cognito-user';
import { Deadline } from '../../../lambda-src/deadline';
import { type ColumnMapping, rowMapping } from '../../../lambda-src/mapping/row-mapping';
import { userServiceTable } from '../../../lambda-src/stores/user-service/user-service-table';
import { type Column, ObservedRow, type UserRow } from '../../../lambda-src/user-row';
import type { UserStore, WriteResult } from '../../../lambda-src/user-store';
import type { UserServicePlan } from '../../../src/private/plan';

/** What a login may need of AWS. */
export const AWS = { region: 'eu-west-1', credentials: () => ({ accessKeyId: 'AKIA', secretAccessKey: 'signing-secret', sessionToken: 'session' }), endpointUrl: (): string | undefined => undefined };

export const KEY = 'cognitoUserId';

const COLUMN: Column = { name: KEY, kind: 'text', write: 'always', isVersion: false, isSub: true };

/** A column of kind text that is always written, but for what is said. */
export function column(name: string, more: Partial<Column> = {}): Column {
  return { ...COLUMN, name, isSub: false, ...more };
}

export const COLUMNS: readonly Column[] = [COLUMN, column('email')];

export interface StoreSettings extends Partial<UserServicePlan> {
  readonly columns?: readonly Column[];
  /** Folder of the function. */
  readonly code?: string;
  readonly aws?: typeof AWS;
}

export function storeAt(url: string, { columns = COLUMNS, code, aws = AWS, ...plan }: StoreSettings = {}): UserStore {
  return userServiceTable({ kind: 'userService', url, mayBeUnencrypted: true, ...plan }, aws, code).store(plan.key ?? [KEY], columns);
}

export function row(sub: string, fields: Readonly<Record<string, string | null>> = { email: `${sub}@example.com` }, observedAt = 1): UserRow {
  return new ObservedRow([[KEY, sub], ...Object.entries(fields)], `${sub}:${observedAt}`);
}

/** Results of one call, errors by what they are. */
export async function written(store: UserStore, rows: readonly UserRow[], millis = 3_000, call: 'write' | 'insert' = 'write'): Promise<unknown[]> {
  return (await store[call](rows, Deadline.after(millis))).map(told);
}

function told(result: WriteResult): unknown {
  if (typeof result === 'string') return result;
  const { name, failure, code } = result as { name: string; failure: string; code?: string };
  return { name, failure, code };
}

/** The whole way from a user to a service. */
export function mapped(url: string, columns: Readonly<Record<string, ColumnMapping>>, plan: Partial<UserServicePlan> = {}) {
  const table = userServiceTable({ kind: 'userService', url, mayBeUnencrypted: true, ...plan }, AWS);
  const mapping = rowMapping(columns, table);
  const store = table.store(mapping.key, mapping.columns);
  return { write: async (user: CognitoUser) => (await written(store, [mapping.toRow(user)]))[0] };
}
