import { deployedConsumer } from './deployed-consumer';
import { deployedPlan } from './deployed-plan';
import { deployedUserService } from './deployed-user-service';

const plan = deployedPlan();

export const handler = deployedConsumer(plan, () => deployedUserService(plan));
