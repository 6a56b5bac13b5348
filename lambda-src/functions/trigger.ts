import { deployedPlan } from './deployed-plan';
import { deployedTable } from './deployed-table';
import { deployedTrigger } from './deployed-trigger';
import { postgresStore } from '../stores/postgres/postgres-store';

const plan = deployedPlan();

export const handler = deployedTrigger(plan, () => deployedTable(plan, postgresStore));
