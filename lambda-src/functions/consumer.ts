import { databaseOf, deployedPlan } from './deployed-plan';
import { createQueueConsumer } from '../queue-consumer';

const plan = deployedPlan();

/** The deployed consumer: the factory, with the options that the construct wrote into the environment. */
export const handler = createQueueConsumer({
  get database() {
    return databaseOf(plan);
  },
  columns: plan.columns ?? {},
  queue: { url: plan.queue?.url },
  deadLetterQueue: { url: plan.consumer?.deadLetterQueueUrl },
  userPoolId: plan.consumer?.userPoolId,
  trustedSender: plan.consumer?.trustedSender,
  readsPerSecond: plan.consumer?.readsPerSecond,
  metrics: plan.metrics,
  successLogs: plan.successLogs,
});
