import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type QueryResultRow } from 'pg';
import { USERS_TABLE } from '../test/support/database';
import { connectionString, type PostgresAddress } from '../test/support/postgres-address';
import type { PostgresServer } from '../test/support/postgres-server';

/** A users table in a database of its own, and the login that the functions have: what the README grants, and no more. */
export interface SiteDatabase {
  readonly server: PostgresServer;
  /** Name of the login, safe to be written into SQL as it is. */
  readonly role: string;
  /** As a superuser, on a connection of its own that no fault of the network reaches. */
  sql<Row extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** A superuser's connection that stays, for locks and transactions. */
  session(): Promise<Client>;
  /** Runs PL/pgSQL before each row is inserted, as a trigger of the application's own may. */
  beforeInsert(body: string): Promise<void>;
  /** Way and login for the functions, through the proxy. */
  connectionUrl(caFile?: string): string;
  /** The server rejects the old one from now on. */
  changePassword(): Promise<void>;
  close(): Promise<void>;
}

const RESTART_MS = 10_000;

export async function openSiteDatabase(server: PostgresServer, proxyPort: number): Promise<SiteDatabase> {
  const name = await server.createDatabase();
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

  const database: SiteDatabase = {
    server,
    role,
    async sql<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const client = await connected();
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    async session() {
      const client = await connected();
      sessions.push(client);
      return client;
    },
    beforeInsert: async (body) => {
      await database.sql(`
        create or replace function fault() returns trigger language plpgsql security definer as $$ begin ${body}; return new; end $$;
        create or replace trigger fault before insert on public.users for each row execute function fault()`);
    },
    connectionUrl(caFile = server.caFile) {
      const address: PostgresAddress = { ...server, caFile };
      return connectionString(address, name, { user: role, password, port: proxyPort });
    },
    async changePassword() {
      password = newPassword();
      await database.sql(`alter role ${role} password '${password}'`);
    },
    // The database stays until the server goes: dropping one waits for every login that a black hole has swallowed.
    async close() {
      await Promise.all(sessions.map((session) => session.end().catch(() => {})));
    },
  };
  await database.sql(`${USERS_TABLE};
    create role ${role} login password '${password}';
    grant usage on schema public to ${role};
    grant insert (cognito_user_id, email, display_name, handle), select (cognito_user_id, email, display_name, handle),
      update (email, display_name, handle) on public.users to ${role}`);
  return database;
}

function newPassword(): string {
  return randomBytes(12).toString('hex');
}
