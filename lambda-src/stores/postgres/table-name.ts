import { quoteIdentifier, tableName } from '../../../src/private/identifiers';
import { configured } from '../../errors';

/** @returns schema (if any) and table, quoted @throws ConfigurationError */
export function quotedTable(written: string): string {
  const { schema, table } = configured(() => tableName(written));
  return [schema, table].filter((name) => name !== undefined).map(quoteIdentifier).join('.');
}
