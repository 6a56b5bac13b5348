import { deployedConsumer } from './deployed-consumer';
import { deployedDataApi } from './deployed-data-api';
import { deployedPlan } from './deployed-plan';

const plan = deployedPlan();

export const handler = deployedConsumer(plan, () => deployedDataApi(plan));
