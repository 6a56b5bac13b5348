import type { StatementRunner } from './connection';
import { upsertStatements } from './upsert';
import { quoteIdentifier, tableName } from '../../../src/private/identifiers';
import { ConfigurationError } from '../../errors';
import type { Column } from '../../user-row';
import type { UserStore, WriteOutcome } from '../../user-store';

/** @throws ConfigurationError */
export function postgresStore(runner: StatementRunner, table: string, key: readonly string[], columns: readonly Column[]): UserStore {
  const statementFor = upsertStatements(qualified(table), key, columns);
  return {
    async write(rows, deadline) {
      const outcomes: WriteOutcome[] = [];
      for (const row of rows) {
        outcomes.push(await runner.run(statementFor(row), deadline) > 0 ? 'written' : 'unchanged');
      }
      return outcomes;
    },
  };
}

function qualified(written: string): string {
  try {
    const { schema, table } = tableName(written);
    return [schema, table].filter((name) => name !== undefined).map(quoteIdentifier).join('.');
  } catch (error) {
    throw new ConfigurationError((error as Error).message);
  }
}
