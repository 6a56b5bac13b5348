import type { StatementRunner } from './connection';
import type { Column } from '../../user-row';
import type { UsersTable, UserStore } from '../../user-store';

/** One row at a time, or many. */
export type PostgresStore = (runner: StatementRunner, table: string, key: readonly string[], columns: readonly Column[]) => UserStore;

/** The users table in whatever runs PostgreSQL's SQL. */
export function postgresTable(runner: StatementRunner, { table, key }: { readonly table: string; readonly key?: string | readonly string[] }, storeOf: PostgresStore): UsersTable {
  return {
    key: typeof key === 'string' ? [key] : key,
    open: async () => runner.open?.(),
    store: (keyColumns, columns) => storeOf(runner, table, keyColumns, columns),
  };
}
