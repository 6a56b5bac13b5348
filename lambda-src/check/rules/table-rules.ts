import { quoteIdentifier } from '../../../src/private/identifiers';
import { type Finding, error } from '../finding';
import { grantOnColumns, grantUsage, neededPrivileges } from '../grants';
import type { InspectedTable, Inspection } from '../inspection/inspection';
import { qualified } from '../sql-text';
import { createTable } from '../table-statement';
import type { Target } from '../target';

/** https://www.postgresql.org/docs/current/catalog-pg-class.html */
const KINDS: Readonly<Record<string, string>> = { v: 'a view', m: 'a materialized view', f: 'a foreign table', S: 'a sequence', i: 'an index', I: 'an index', c: 'a type' };

export function isTable({ kind }: InspectedTable): boolean {
  return kind === 'r' || kind === 'p';
}

export function tableMissing(target: Target, { home, login }: Inspection, severity: Finding['severity']): Finding {
  const placed = { ...target, schema: home.schema };
  const schema = quoteIdentifier(home.schema);
  const statements = [
    ...(home.isThere ? [] : [`create schema ${schema};`]),
    createTable(placed),
    ...(home.maySchema ? [] : [grantUsage(`schema ${schema}`, login.name)]),
    ...(login.isSuperuser ? [] : [grantOnColumns(neededPrivileges(target), qualified(placed), login.name)]),
  ];
  const where = target.schema === undefined ? 'in no schema of the search path' : home.isThere ? 'not in its schema' : 'not there, and neither is its schema';
  const message = `the table ${qualified(target)} is ${where}: create it (names are taken as they are written, case included), or check the name and the database`;
  return { severity, code: 'tableMissing', message, sql: statements.join('\n') };
}

export function notATable({ kind, ...table }: InspectedTable): Finding {
  return error('notATable', `${qualified(table)} is ${KINDS[kind] ?? 'no table'}, into which rows cannot be written with ON CONFLICT: expected a table`, null);
}
