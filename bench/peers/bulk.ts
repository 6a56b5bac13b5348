import { Deadline } from '../../lambda-src/deadline';
import { bulkPostgresStore } from '../../lambda-src/stores/postgres/bulk-postgres-store';
import { statementRunner } from '../../lambda-src/stores/postgres/database-options';
import type { Column, UserRow } from '../../lambda-src/user-row';

/** The store of consumer and writer. Not connected yet. */
export function bulkWriter(connectionString: string, table: string, columns: readonly Column[], connections: 1 | 2) {
  const runner = statementRunner({ connectionString, table });
  const store = bulkPostgresStore(connections === 2 ? runner : { run: (statement, deadline) => runner.run(statement, deadline) }, table, [columns[0].name], columns);
  return async (rows: readonly UserRow[]): Promise<void> => {
    const refused = (await store.write(rows, Deadline.after(60_000))).find((result) => result !== 'written');
    if (refused) throw new Error(`got the result ${String(refused)}, expected every row to be written`);
  };
}
