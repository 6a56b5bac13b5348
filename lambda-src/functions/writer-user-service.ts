import { deployedPlan } from './deployed-plan';
import { deployedUserService } from './deployed-user-service';
import { deployedWriter } from './deployed-writer';

const plan = deployedPlan();

export const handler = deployedWriter(plan, () => deployedUserService(plan));
