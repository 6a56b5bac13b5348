import { Client } from 'pg';
import { USERS_TABLE } from '../test/support/database';
import { startPostgres, type PostgresServer } from '../test/support/postgres-server';
import { startTcpProxy } from '../test/support/tcp-proxy';

/** The way to the database: `''` adds a millisecond to every round trip, `Loopback` nothing. */
export interface Route {
  readonly suffix: '' | 'Loopback';
  readonly title: string;
  readonly port: number;
}

export interface BenchDatabase {
  readonly server: PostgresServer;
  readonly name: string;
  readonly version: string;
  readonly routes: readonly Route[];
  /** The rows written since the last call; the table is empty afterwards. */
  takeRows(): Promise<number>;
  stop(): Promise<void>;
}

/** Logs in without a password, as RDS needs its own plug-in to check the token of an IAM user. Over TLS all the same. */
export const IAM_USER = 'user_sync';

/** In each direction. */
const LATENCY_MS = 0.5;

export async function startDatabase(): Promise<BenchDatabase> {
  const server = await startPostgres({ hba: [`hostssl all ${IAM_USER} all trust`] });
  // In this process, which has nothing else to do while one of the others is measured.
  const proxy = await startTcpProxy(server.port, { latencyMs: LATENCY_MS });
  const name = await server.createDatabase('bench');
  const client = new Client({ connectionString: server.connectionString(name) });
  await client.connect();
  await client.query(`${USERS_TABLE}; create role ${IAM_USER} login; grant select, insert, update on public.users to ${IAM_USER}`);
  const { rows: [{ version }] } = await client.query<{ version: string }>("select current_setting('server_version') as version");

  return {
    server,
    name,
    version,
    routes: [
      { suffix: '', title: `with ${2 * LATENCY_MS} ms of round trip`, port: proxy.port },
      { suffix: 'Loopback', title: 'on loopback', port: server.port },
    ],
    async takeRows() {
      const { rows: [{ written }] } = await client.query<{ written: number }>('select count(*)::integer as written from public.users');
      await client.query('truncate public.users');
      return written;
    },
    async stop() {
      await client.end();
      await proxy.stop();
      await server.stop();
    },
  };
}
