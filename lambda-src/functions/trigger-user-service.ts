import { deployedPlan } from './deployed-plan';
import { deployedTrigger } from './deployed-trigger';
import { deployedUserService } from './deployed-user-service';

const plan = deployedPlan();

export const handler = deployedTrigger(plan, () => deployedUserService(plan));
