import { quoteIdentifier, tableName } from '../../../src/private/identifiers';
import { ConfigurationError } from '../../errors';

/** @returns schema (if any) and table, quoted @throws ConfigurationError */
export function quotedTable(written: string): string {
  try {
    const { schema, table } = tableName(written);
    return [schema, table].filter((name) => name !== undefined).map(quoteIdentifier).join('.');
  } catch (error) {
    throw new ConfigurationError((error as Error).message);
  }
}
