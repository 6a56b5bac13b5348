import type { SyncPlan } from '../../src/private/plan';
import { Deadline } from '../deadline';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import { ConfigurationError, errorName, UserSyncError } from '../errors';
import { readRows, type WriteAnswer, type WriteRequest, wireError, wireResult } from '../stores/relay/wire';
import type { UsersTable } from '../user-store';
import { userSync } from '../user-sync';

/** Kept to tell what came of it, where Lambda's own limit comes first. */
const ANSWER_MILLIS = 500;

/** The function inside the VPC: writes rows for those outside, and tells them what became of each. Logs nothing: they do. */
export function deployedWriter({ columns = {} }: Partial<SyncPlan>, table: () => UsersTable): (request: WriteRequest, context: InvocationContext) => Promise<WriteAnswer> {
  const syncing = (async () => userSync(table(), { columns }))();
  // Told with every request; it must not keep the function from loading.
  syncing.catch(() => undefined);
  return async (request, context) => {
    try {
      const { store } = await syncing;
      const { insertOnly, milliseconds } = request;
      const results = await store[insertOnly ? 'insert' : 'write'](readRows(request), Deadline.after(Math.min(milliseconds, context.getRemainingTimeInMillis!() - ANSWER_MILLIS)));
      return { results: results.map(wireResult) };
    } catch (error) {
      // Lambda logs what is thrown, and a foreign error may quote a row.
      if (!(error instanceof UserSyncError)) throw new ConfigurationError(`unexpected ${errorName(error)}: expected a request as trigger and consumer send it; deploy the functions of the sync together`);
      return { error: wireError(error) };
    }
  };
}
