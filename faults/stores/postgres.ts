import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import { USERS_TABLE } from '../../test/support/database';
import { connectionString } from '../../test/support/postgres-address';
import { startPostgres, type PostgresServer } from '../../test/support/postgres-server';
import { startTcpProxy } from '../../test/support/tcp-proxy';
import { SECRET_ARN, type StoredRow, type StoreServer, type StoreWithSecret } from '../store';

/** A users table in a database of its own, and the login that the functions have: what the README grants, and no more. */
export interface PostgresStore extends StoreWithSecret {
  readonly server: PostgresServer;
  /** Name of the login, safe to be written into SQL as it is. */
  readonly role: string;
  /** As a superuser, on a connection of its own that no fault of the network reaches. */
  sql<Row extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** A superuser's connection that stays, for locks and transactions. */
  session(): Promise<Client>;
  /** Runs PL/pgSQL before each row is inserted, as a trigger of the application's own may. */
  beforeInsert(body: string): Promise<void>;
}

const RESTART_MS = 10_000;

export async function startPostgresStores(): Promise<StoreServer<PostgresStore>> {
  const server = await startPostgres();
  return { open: () => openPostgresStore(server), stop: () => server.stop() };
}

async function openPostgresStore(server: PostgresServer): Promise<PostgresStore> {
  const name = await server.createDatabase();
  const proxy = await startTcpProxy(server.port);
  const role = `sync_${randomBytes(6).toString('hex')}`;
  let password = newPassword();
  const sessions: Client[] = [];

  /** Waits for a server that a fault restarts. */
  async function connected(): Promise<Client> {
    for (const end = Date.now() + RESTART_MS; ;) {
      const client = new Client({ connectionString: server.connectionString(name, { sslmode: 'disable' }) });
      client.on('error', () => {});
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (Date.now() > end) throw error;
        await sleep(20);
      }
    }
  }

  const store: PostgresStore = {
    server,
    proxy,
    role,
    plan: { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET_ARN } },
    get secret() { return connectionString(server, name, { user: role, password, port: proxy.port }); },
    async sql<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const client = await connected();
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    // A table that a fault has renamed has nobody.
    rows: () => store.sql<StoredRow>('select cognito_user_id, email, display_name, handle from public.users').catch((error: { code?: string }) => {
      if (error.code === '42P01' || error.code === '42703') return [];
      throw error;
    }),
    async session() {
      const client = await connected();
      sessions.push(client);
      return client;
    },
    beforeInsert: async (body) => {
      await store.sql(`
        create or replace function fault() returns trigger language plpgsql security definer as $$ begin ${body}; return new; end $$;
        create or replace trigger fault before insert on public.users for each row execute function fault()`);
    },
    swallowRequests: async () => proxy.silenceAt('query'),
    delayWrites: (milliseconds) => store.beforeInsert(`perform pg_sleep(${milliseconds / 1000})`),
    isWriting: async () => (await store.sql("select from pg_stat_activity where usename = $1 and state = 'active' and query like '%insert into%'", [role])).length > 0,
    async changeSecret() {
      password = newPassword();
      await store.sql(`alter role ${role} password '${password}'`);
    },
    // The database stays until the server goes: dropping one waits for every login that a black hole has swallowed.
    async stop() {
      await Promise.all(sessions.map((session) => session.end().catch(() => {})));
      await proxy.stop();
    },
  };
  await store.sql(`${USERS_TABLE};
    create role ${role} login password '${password}';
    grant usage on schema public to ${role};
    grant insert (cognito_user_id, email, display_name, handle), select (cognito_user_id, email, display_name, handle),
      update (email, display_name, handle) on public.users to ${role}`);
  return store;
}

function newPassword(): string {
  return randomBytes(12).toString('hex');
}
