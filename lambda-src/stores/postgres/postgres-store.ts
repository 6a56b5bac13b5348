import type { StatementRunner } from './connection';
import { quotedTable } from './table-name';
import { insertedOnly, upsertStatements } from './upsert';
import type { UserSyncError } from '../../errors';
import type { Column } from '../../user-row';
import type { UserStore, WriteResult } from '../../user-store';

/**
 * One statement for each row: what a sign-up waits for. Where nobody waits, see `bulk-postgres-store.ts`.
 *
 * @throws ConfigurationError
 */
export function postgresStore(runner: StatementRunner, table: string, key: readonly string[], columns: readonly Column[]): UserStore {
  const writer = (mapped: readonly Column[]): UserStore['write'] => {
    const statementFor = upsertStatements(quotedTable(table), key, mapped);
    return async (rows, deadline) => {
      const results: WriteResult[] = [];
      for (const row of rows) {
        try {
          const { rowCount } = await runner.run(statementFor(row), deadline);
          results.push(rowCount > 0 ? 'written' : 'unchanged');
        } catch (error) {
          if ((error as UserSyncError).failure !== 'permanent') throw error;
          results.push(error as UserSyncError);
        }
      }
      return results;
    };
  };
  return { write: writer(columns), insert: writer(insertedOnly(columns)) };
}
