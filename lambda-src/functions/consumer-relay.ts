import { deployedConsumer } from './deployed-consumer';
import { deployedRelay } from './deployed-relay';
import { deployedPlan } from './deployed-plan';

const plan = deployedPlan();

export const handler = deployedConsumer(plan, () => deployedRelay(plan));
