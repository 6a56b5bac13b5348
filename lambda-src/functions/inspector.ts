import { deployedPlan } from './deployed-plan';
import { runnerOf } from './deployed-runner';
import { isSql } from '../../src/private/plan';
import { checkTable, type Finding } from '../check';
import { Deadline } from '../deadline';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import type { Inspection, InspectionRequest } from '../deployment/inspection';
import { createLogin } from '../deployment/login-creation';
import { patiently } from '../deployment/patience';
import { UserSyncError } from '../errors';
import type { StatementRunner } from '../stores/postgres/connection';

/** Kept to tell what was found. */
const ANSWER_MILLIS = 5_000;

/** A login that takes longer is tried anew. */
const ATTEMPT_MILLIS = 10_000;

const plan = deployedPlan();

/**
 * The function that looks at the table where the writing ones stand, and as they do. It tells whoever invoked it, and
 * logs nothing.
 */
export async function handler({ administrator, patienceMillis }: InspectionRequest, context: InvocationContext): Promise<Inspection> {
  const deadline = Deadline.after(context.getRemainingTimeInMillis!() - ANSWER_MILLIS);
  const patience = deadline.within(patienceMillis);
  if (plan.creation) {
    try {
      await createLogin(plan.creation, plan, administrator, patience);
    } catch (error) {
      return { findings: [], creationError: inWords(error) };
    }
  }
  const { database, columns } = plan;
  if (!database || !columns || !isSql(database)) return { findings: [notConnected('the inspector has no plan with a database: deploy the stack again')] };
  let runner: StatementRunner;
  try {
    runner = runnerOf(database);
    await patiently(() => runner.run({ text: 'select 1::text as one', values: [] }, deadline.within(ATTEMPT_MILLIS)), patience);
  } catch (error) {
    return { findings: [notConnected(inWords(error))] };
  }
  try {
    return { findings: await patiently(() => checkTable(runner, { ...database, columns }, deadline, 'warning'), patience) };
  } catch (error) {
    return { findings: [notChecked(error)] };
  }
}

function notConnected(message: string): Finding {
  return { severity: 'error', code: 'notConnected', message, sql: null };
}

/** Users may be written all the same: Aurora DSQL has not all of PostgreSQL's catalogs. Nowhere else is one missing. */
function notChecked(error: unknown): Finding {
  return { severity: plan.database?.kind === 'dsql' ? 'warning' : 'error', code: 'notChecked', message: `the login works, and the table could not be looked at: ${inWords(error)}`, sql: null };
}

/** Lambda logs what is thrown, and a foreign error may quote anything. */
function inWords(error: unknown): string {
  if (error instanceof UserSyncError) return error.message;
  return 'unexpected error: please report it with the log of the deployment function';
}
