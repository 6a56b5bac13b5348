import { deployedConsumer } from './deployed-consumer';
import { deployedPlan } from './deployed-plan';
import { deployedTable } from './deployed-table';
import { bulkPostgresStore } from '../stores/postgres/bulk-postgres-store';

const plan = deployedPlan();

export const handler = deployedConsumer(plan, () => deployedTable(plan, bulkPostgresStore));
