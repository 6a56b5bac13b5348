import { databaseOf, deployedPlan } from './deployed-plan';
import { createPostConfirmationHandler } from '../post-confirmation';

const plan = deployedPlan();

/**
 * The deployed Post Confirmation function: the factory, with the options that the construct wrote into the environment.
 * The database is read through a getter, within the factory's guard: a plan that cannot be read must not keep the
 * function from loading, since Cognito would fail every sign-up then.
 */
export const handler = createPostConfirmationHandler({
  get database() {
    return databaseOf(plan);
  },
  columns: plan.columns ?? {},
  queue: plan.queue,
  delivery: plan.delivery?.mode,
  failSignUp: plan.delivery?.failSignUp,
  metrics: plan.metrics,
  successLogs: plan.successLogs,
});
