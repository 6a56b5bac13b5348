import { deployedPlan } from './deployed-plan';
import { deployedTable } from './deployed-table';
import { deployedWriter } from './deployed-writer';
import { bulkPostgresStore } from '../stores/postgres/bulk-postgres-store';

const plan = deployedPlan();

export const handler = deployedWriter(plan, () => deployedTable(plan, bulkPostgresStore));
