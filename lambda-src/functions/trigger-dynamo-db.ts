import { deployedDynamoDb } from './deployed-dynamo-db';
import { deployedPlan } from './deployed-plan';
import { deployedTrigger } from './deployed-trigger';

const plan = deployedPlan();

export const handler = deployedTrigger(plan, () => deployedDynamoDb(plan));
