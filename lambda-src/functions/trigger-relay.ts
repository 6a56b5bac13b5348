import { deployedRelay } from './deployed-relay';
import { deployedPlan } from './deployed-plan';
import { deployedTrigger } from './deployed-trigger';

const plan = deployedPlan();

export const handler = deployedTrigger(plan, () => deployedRelay(plan));
