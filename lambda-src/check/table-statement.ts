import { createdType } from './kind-fit';
import { qualified, quotedList } from './sql-text';
import { type CheckTarget, readTarget, type Target } from './target';
import { quoteIdentifier } from '../../src/private/identifiers';

/**
 * Creates the table as the mapping needs it.
 *
 * @throws ConfigurationError
 */
export function createTableStatement(target: CheckTarget): string {
  return createTable(readTarget(target));
}

export function createTable(target: Target): string {
  const columns = target.columns.map((column) => `  ${quoteIdentifier(column.name)} ${createdType(column)},\n`);
  return `create table if not exists ${qualified(target)} (\n${columns.join('')}  primary key (${quotedList(target.key)})\n);`;
}
