import { deployedPlan } from './deployed-plan';
import { deployedRelay } from './deployed-relay';
import { deployedTrigger } from './deployed-trigger';

const plan = deployedPlan();

export const handler = deployedTrigger(plan, () => deployedRelay(plan));
