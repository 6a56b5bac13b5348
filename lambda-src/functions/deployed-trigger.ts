import type { SyncPlan } from '../../src/private/plan';
import { postConfirmationHandler, type PostConfirmationHandler } from '../post-confirmation';
import type { UsersTable } from '../user-store';

/** The Post Confirmation function, with the options that the construct wrote into the environment. */
export function deployedTrigger({ columns = {}, queue, delivery, metrics, successLogs }: Partial<SyncPlan>, table: () => UsersTable): PostConfirmationHandler {
  return postConfirmationHandler({ columns, queue, delivery: delivery?.mode, failSignUp: delivery?.failSignUp, metrics, successLogs }, table);
}
