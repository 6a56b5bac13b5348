import type { Facts } from './facts';
import { quoteIdentifier } from '../../../src/private/identifiers';
import { error, type Finding, warning } from '../finding';
import { named } from '../sql-text';

/** On the table as a whole, and of no use to the sync. */
const UNNEEDED = ['DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'];

/** No REVOKE: the login may be an application's own, which needs what the sync does not. */
const EXPECTED = 'use a login of the sync\'s own, which may write the mapped columns and nothing else, as npx cognito-user-sync sql --login creates it';

/** https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-DEFAULT-TRANSACTION-READ-ONLY */
export function readOnlyFindings({ login }: Facts): Finding[] {
  if (!login.isReadOnly) return [];
  return [error('readOnly', 'the database takes no writes in this session, since it is a replica, or default_transaction_read_only is on for the login, the database or the server: connect to the writer, or turn that off', null)];
}

/** What the login may do that the sync never does: whoever gets hold of it may do it, too. */
export function loginFindings(facts: Facts): Finding[] {
  const { login, table } = facts;
  const name = JSON.stringify(login.name);
  if (login.isSuperuser) return [warning('loginIsSuperuser', `the login ${name} is a superuser: ${EXPECTED}`, null)];
  const findings: Finding[] = [];
  if (login.attributes.length > 0) findings.push(warning('loginHasAttributes', `the login ${name} has ${login.attributes.join(', ').toUpperCase()}: ${EXPECTED}`, null));
  if (login.memberOf.length > 0) findings.push(warning('loginIsMember', `the login ${name} is a member of ${named(login.memberOf)}: ${EXPECTED}`, null));
  if (table.mayCreate) {
    findings.push(warning('loginMayCreate', `the login ${name} may create objects in the schema ${JSON.stringify(table.schema)}, as everybody may in the schema public of databases made before PostgreSQL 15: `
      + `where nothing else needs it, run revoke create on schema ${quoteIdentifier(table.schema)} from public; else ${EXPECTED}`, null));
  }
  if (table.isOwner) return [...findings, warning('loginOwnsTable', `the login ${name} owns the table, and may alter and drop it: ${EXPECTED}`, null)];
  return [...findings, ...excess(facts)];
}

function excess({ target, table, login }: Facts): Finding[] {
  const unmapped = table.columns.filter(({ name }) => !target.columns.some((column) => column.name === name));
  const ofColumns = ([['SELECT', 'maySelect'], ['INSERT', 'mayInsert'], ['UPDATE', 'mayUpdate']] as const)
    .map(([privilege, may]) => ({ privilege, columns: unmapped.filter((column) => column[may]) }))
    .filter(({ columns }) => columns.length > 0);
  const words = [
    ...UNNEEDED.filter((privilege) => table.privileges.includes(privilege)),
    ...ofColumns.map(({ privilege, columns }) => `${privilege} of ${named(columns.map(({ name }) => name))}`),
  ];
  if (words.length === 0) return [];
  return [warning('loginMayTooMuch', `the login ${JSON.stringify(login.name)} may do what the sync does not need: ${words.join(', ')}; ${EXPECTED}`, null)];
}
