import { deployedConsumer } from './deployed-consumer';
import { deployedDynamoDb } from './deployed-dynamo-db';
import { deployedPlan } from './deployed-plan';

const plan = deployedPlan();

export const handler = deployedConsumer(plan, () => deployedDynamoDb(plan));
