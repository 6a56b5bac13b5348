import type { Facts } from './facts';
import { quoteIdentifier } from '../../../src/private/identifiers';
import { error, type Finding, warning } from '../finding';
import type { Policy } from '../inspection/surroundings';
import { named } from '../sql-text';

export function surroundingsFindings(facts: Facts): Finding[] {
  return [...ruleFindings(facts), ...replicaFindings(facts), ...rowSecurityFindings(facts), ...triggerFindings(facts), ...checkFindings(facts)];
}

function ruleFindings({ table: { rules } }: Facts): Finding[] {
  if (rules.length === 0) return [];
  return [error('tableHasRules', `the table has rules for INSERT or UPDATE (${named(rules)}), with which PostgreSQL refuses ON CONFLICT: drop them, or put triggers in their place`, null)];
}

/** https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY */
function replicaFindings({ table, quoted }: Facts): Finding[] {
  if (!table.lacksReplicaIdentity) return [];
  return [error('noReplicaIdentity', 'updates of the table are published, and it has no replica identity, without which PostgreSQL refuses to update a row: give it a primary key, or make the whole row its identity',
    `alter table ${quoted} replica identity full;`)];
}

function checkFindings({ table: { checks } }: Facts): Finding[] {
  if (checks.length === 0) return [];
  return [warning('tableHasChecks', `the table has CHECK constraints (${named(checks)}): a user who breaks one has no row; see that every user satisfies them`, null)];
}

function triggerFindings({ table: { triggers } }: Facts): Finding[] {
  if (triggers.length === 0) return [];
  return [warning('tableHasTriggers', `the table has triggers for INSERT or UPDATE (${named(triggers)}): a user for whom one fails has no row, and sign-up waits for them; see that they are fast, and raise no error`, null)];
}

/** What the statements of the sync do with a row; inserting with ON CONFLICT takes all three. */
const COMMANDS = ['SELECT', 'INSERT', 'UPDATE'] as const;

/** https://www.postgresql.org/docs/current/sql-createpolicy.html: one permissive policy must let a row pass, and no restrictive one stop it. */
function rowSecurityFindings({ table, quoted, login }: Facts): Finding[] {
  if (!table.isRowSecurityActive) return [];
  const policies = table.policies.filter(({ applies }) => applies);
  const restricted = policies.filter((policy) => !policy.isPermissive && COMMANDS.some((command) => isFor(policy, command) && !letsAllPass(policy)));
  if (restricted.length > 0) {
    return [warning('rowSecurityRestricts', `row-level security applies to the login, and its restrictive policies (${named(restricted.map(({ name }) => name))}) may refuse users: see that they let every user pass`, null)];
  }
  const closed = COMMANDS.filter((command) => !policies.some((policy) => policy.isPermissive && isFor(policy, command) && letsAllPass(policy)));
  if (closed.length === 0) return [];
  const conditional = policies.some((policy) => policy.isPermissive && closed.some((command) => isFor(policy, command)));
  const message = `row-level security applies to the login, which has no policy that lets it ${closed.join(', ')} every row: ${conditional ? 'users for whom the conditions are false' : 'every user'} would be refused; create a policy for this login`;
  return [warning('rowSecurityRefuses', message, `create policy ${quoteIdentifier(freeName(table.policies))} on ${quoted} to ${quoteIdentifier(login.name)} using (true) with check (true);`)];
}

function isFor({ command }: Policy, wanted: (typeof COMMANDS)[number]): boolean {
  return command === 'ALL' || command === wanted;
}

/** Without WITH CHECK, what holds for rows that are there holds for new ones. */
function letsAllPass({ using, withCheck }: Policy): boolean {
  return (using ?? 'true') === 'true' && (withCheck ?? 'true') === 'true';
}

function freeName(policies: readonly Policy[], name = 'cognito_user_sync'): string {
  return policies.some((policy) => policy.name === name) ? freeName(policies, `${name}_`) : name;
}
