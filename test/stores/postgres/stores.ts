import { Deadline } from '../../../lambda-src/deadline';
import { bulkPostgresStore } from '../../../lambda-src/stores/postgres/bulk-postgres-store';
import type { StatementRunner } from '../../../lambda-src/stores/postgres/connection';
import { statementRunner } from '../../../lambda-src/stores/postgres/database-options';
import { postgresStore } from '../../../lambda-src/stores/postgres/postgres-store';
import type { Column, UserRow } from '../../../lambda-src/user-row';
import type { UserStore } from '../../../lambda-src/user-store';

/** A mapped column: text that Cognito owns, unless it says otherwise. */
export function column(name: string, more: Partial<Column> = {}): Column {
  return { name, kind: 'text', write: 'always', isVersion: false, isSub: false, ...more };
}

export function row(values: Readonly<Record<string, string | null>>): UserRow {
  return new Map(Object.entries(values));
}

export interface Writing {
  readonly connectionString: string;
  readonly table: string;
  readonly key?: readonly string[];
  readonly columns: readonly Column[];
}

export function bulkStore({ table, key = ['id'], columns, ...database }: Writing): UserStore {
  return bulkPostgresStore(runnerOf(database), table, key, columns);
}

export function singleStore({ table, key = ['id'], columns, ...database }: Writing): UserStore {
  return postgresStore(runnerOf(database), table, key, columns);
}

export function write(store: UserStore, rows: ReadonlyArray<Readonly<Record<string, string | null>>>, millis = 20_000) {
  return store.write(rows.map(row), Deadline.after(millis));
}

/** One connection for all stores of a test file: a server has no room for one of each. */
function runnerOf({ connectionString }: Pick<Writing, 'connectionString'>): StatementRunner {
  if (!runners.has(connectionString)) runners.set(connectionString, statementRunner({ connectionString, table: '' }));
  return runners.get(connectionString)!;
}

const runners = new Map<string, StatementRunner>();
