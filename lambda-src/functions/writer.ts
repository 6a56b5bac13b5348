import { deployedPlan } from './deployed-plan';
import { deployedTable } from './deployed-table';
import { Deadline } from '../deadline';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import { ConfigurationError, errorName, UserSyncError } from '../errors';
import { bulkPostgresStore } from '../stores/postgres/bulk-postgres-store';
import { type WriteAnswer, type WriteRequest, wireError, wireResult } from '../stores/relay/wire';
import { userSync } from '../user-sync';

/** Kept to tell what came of it, where Lambda's own limit comes first. */
const ANSWER_MILLIS = 500;

const plan = deployedPlan();
const syncing = (async () => userSync(deployedTable(plan, bulkPostgresStore), { columns: plan.columns ?? {} }))();
// Told with every request; it must not keep the function from loading.
syncing.catch(() => undefined);

/** The function inside the VPC: writes rows for those outside, and tells them what became of each. Logs nothing: they do. */
export async function handler({ rows, insertOnly, milliseconds }: WriteRequest, context: InvocationContext): Promise<WriteAnswer> {
  try {
    const { store } = await syncing;
    const results = await store[insertOnly ? 'insert' : 'write'](rows.map((row) => new Map(row)), Deadline.after(Math.min(milliseconds, context.getRemainingTimeInMillis!() - ANSWER_MILLIS)));
    return { results: results.map(wireResult) };
  } catch (error) {
    // Lambda logs what is thrown, and a foreign error may quote a row.
    if (!(error instanceof UserSyncError)) throw new ConfigurationError(`unexpected ${errorName(error)}: expected a request as trigger and consumer send it; deploy the functions of the sync together`);
    return { error: wireError(error) };
  }
}
