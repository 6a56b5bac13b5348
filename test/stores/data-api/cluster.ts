import { dataApiTable } from '../../../lambda-src/stores/data-api/data-api-table';
import type { Column } from '../../../lambda-src/user-row';
import type { UserStore } from '../../../lambda-src/user-store';
import type { DataApiPlan } from '../../../src/private/plan';
import { startDataApi, type DataApi } from '../../support/data-api';
import type { TestDatabase } from '../../support/database';

export const CLUSTER = {
  clusterArn: 'arn:aws:rds:eu-west-1:111122223333:cluster:users',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf',
  databaseName: 'app',
};

export interface TestCluster {
  readonly api: DataApi;
  storeOf(table: string, columns: readonly Column[], key?: readonly string[], plan?: Partial<DataApiPlan>): UserStore;
}

/** The Data API in front of a test file's database, which it calls `app`. */
export function useDataApi(database: TestDatabase): TestCluster {
  let api: DataApi;
  beforeAll(async () => {
    api = await startDataApi({ ...CLUSTER, connectionString: database.connectionString() });
  });
  afterAll(() => api.stop());
  const aws = { region: 'us-east-1', credentials: () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' }), endpointUrl: () => api.url };
  return {
    get api() { return api; },
    storeOf: (table, columns, key = ['id'], plan = {}) => dataApiTable({ kind: 'dataApi', ...CLUSTER, table, ...plan }, aws).store(key, columns),
  };
}
