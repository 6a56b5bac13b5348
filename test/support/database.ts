import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { connectionString, createDatabase, dropDatabase, type ConnectionOptions, type PostgresAddress } from './postgres-address';
import type { PostgresVersion } from './postgres-binaries';
import { sharedServer } from './shared-servers';

/** The table that issue and documents speak of: display_name, email, handle and cognito_user_id. */
export const USERS_TABLE = readFileSync(join(__dirname, 'users.sql'), 'utf8');

/** A database of the test file's own, on the servers that `globalSetup` started. */
export interface TestDatabase {
  readonly server: PostgresAddress;
  readonly name: string;
  /** A superuser's connection, for arranging and for looking. */
  readonly client: Client;
  connectionString(options?: ConnectionOptions): string;
  rows<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** Call it at the top of a test file or `describe`: the database exists from its `beforeAll` to its `afterAll`. */
export function useDatabase({ version = 18, tables = USERS_TABLE }: { version?: PostgresVersion; tables?: string } = {}): TestDatabase {
  const server = sharedServer(version);
  let name: string;
  let client: Client;

  beforeAll(async () => {
    name = await createDatabase(server);
    client = new Client({ connectionString: connectionString(server, name) });
    await client.connect();
    await client.query(tables);
  });

  afterAll(async () => {
    await client.end();
    await dropDatabase(server, name);
  });

  return {
    server,
    get name() { return name; },
    get client() { return client; },
    connectionString: (options) => connectionString(server, name, options),
    rows: async <Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []) => (await client.query<Row>(sql, [...values])).rows,
  };
}
