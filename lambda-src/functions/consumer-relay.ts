import { deployedConsumer } from './deployed-consumer';
import { deployedPlan } from './deployed-plan';
import { deployedRelay } from './deployed-relay';

const plan = deployedPlan();

export const handler = deployedConsumer(plan, () => deployedRelay(plan));
