import type { Facts } from './facts';
import { quoteIdentifier } from '../../../src/private/identifiers';
import { type Finding, warning } from '../finding';
import { grantOnColumns, neededPrivileges } from '../grants';
import type { InspectedColumn } from '../inspection/columns';
import { named } from '../sql-text';

/** On the table as a whole, and of no use to the sync. */
const UNNEEDED = ['DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'];

const EXPECTED = 'expected a login that may write the mapped columns and nothing else, as npx cognito-user-sync sql --login creates it';

/** What the login may do that the sync never does: whoever gets hold of it may do it, too. */
export function loginFindings(facts: Facts): Finding[] {
  const { login, table } = facts;
  const name = JSON.stringify(login.name);
  if (login.isSuperuser) return [warning('loginIsSuperuser', `the login ${name} is a superuser: ${EXPECTED}`, null)];
  const findings: Finding[] = [];
  if (login.attributes.length > 0) {
    findings.push(warning('loginHasAttributes', `the login ${name} has ${login.attributes.join(', ').toUpperCase()}: ${EXPECTED}`,
      `alter role ${quoteIdentifier(login.name)} ${login.attributes.map((attribute) => `no${attribute}`).join(' ')};`));
  }
  if (login.memberOf.length > 0) findings.push(warning('loginIsMember', `the login ${name} is a member of ${named(login.memberOf)}: ${EXPECTED}`, null));
  if (table.isOwner) return [...findings, warning('loginOwnsTable', `the login ${name} owns the table, and may alter and drop it: ${EXPECTED}`, null)];
  return [...findings, ...excess(facts)];
}

function excess({ target, table, login, quoted }: Facts): Finding[] {
  const unmapped = table.columns.filter(({ name }) => !target.columns.some((column) => column.name === name));
  const ofColumns = ([['SELECT', 'maySelect'], ['INSERT', 'mayInsert'], ['UPDATE', 'mayUpdate']] as const)
    .map(([privilege, may]) => ({ privilege, columns: unmapped.filter((column) => column[may]) }))
    .filter(({ columns }) => columns.length > 0);
  const ofTable = UNNEEDED.filter((privilege) => table.privileges.includes(privilege));
  const words = [...ofTable, ...ofColumns.map(({ privilege, columns }) => `${privilege} of ${named(columns.map(({ name }) => name))}`)];
  if (words.length === 0) return [];
  // A REVOKE of what comes from PUBLIC, a group or somebody else's grant would change nothing.
  const isRevocable = (privilege: string, column?: InspectedColumn) => {
    const sources = [...table.grants, ...(column?.grants ?? [])].filter((grant) => grant.privilege === privilege);
    return sources.length > 0 && sources.every(({ isDirect }) => isDirect);
  };
  const isAllRevocable = ofTable.every((privilege) => isRevocable(privilege))
    && ofColumns.every(({ privilege, columns }) => columns.every((column) => isRevocable(privilege, column)));
  const revoke = [`revoke all on ${quoted} from ${quoteIdentifier(login.name)};`, grantOnColumns(neededPrivileges(target), quoted, login.name)].join('\n');
  return [warning('loginMayTooMuch', `the login ${JSON.stringify(login.name)} may do what the sync does not need: ${words.join(', ')}; ${EXPECTED}`, isAllRevocable ? revoke : null)];
}
