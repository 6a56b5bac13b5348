import type { Finding } from './finding';
import { inspect } from './inspection/inspection';
import { columnFindings } from './rules/column-rules';
import type { Facts } from './rules/facts';
import { extraUniqueFindings, keyFindings } from './rules/key-rules';
import { loginFindings, readOnlyFindings } from './rules/login-rules';
import { privilegeFindings } from './rules/privilege-rules';
import { surroundingsFindings } from './rules/surroundings-rules';
import { isTable, notATable, tableMissing } from './rules/table-rules';
import { qualified } from './sql-text';
import { type CheckTarget, readTarget } from './target';
import type { Deadline } from '../deadline';
import type { StatementRunner } from '../stores/postgres/connection';

/** In an order in which their SQL can be run. */
const RULES: readonly ((facts: Facts) => Finding[])[] = [
  readOnlyFindings, columnFindings, keyFindings, privilegeFindings,
  surroundingsFindings, extraUniqueFindings, loginFindings,
];

/**
 * Tells what of a table, its surroundings and the login that the runner has is not as the sync needs it. It reads the
 * catalog alone, which every login may, and changes nothing.
 *
 * @param missingTable what a table is that is not there (yet)
 * @returns errors first
 * @throws UserSyncError where the mapping is wrong, or the database cannot be asked
 */
export async function checkTable(runner: StatementRunner, target: CheckTarget, deadline: Deadline, missingTable: Finding['severity']): Promise<Finding[]> {
  const read = readTarget(target);
  const inspection = await inspect(runner, read, deadline);
  const { table, login } = inspection;
  if (!table) return [tableMissing(read, inspection, missingTable)];
  if (!isTable(table)) return [notATable(table)];
  const pairs = read.columns.flatMap((mapped) => table.columns.filter(({ name }) => name === mapped.name).map((column) => ({ mapped, column })));
  const facts = { target: read, table, login, quoted: qualified(table), pairs };
  const findings = RULES.flatMap((rule) => rule(facts));
  return [...findings.filter(({ severity }) => severity === 'error'), ...findings.filter(({ severity }) => severity === 'warning')];
}
