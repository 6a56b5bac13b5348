import { deployedDataApi } from './deployed-data-api';
import { deployedPlan } from './deployed-plan';
import { deployedTrigger } from './deployed-trigger';

const plan = deployedPlan();

export const handler = deployedTrigger(plan, () => deployedDataApi(plan));
