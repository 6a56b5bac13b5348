import { Client, type DatabaseError } from 'pg';
import type { Cleanup } from './cleanup';
import { certificateRoots } from '../lambda-src/stores/postgres/certificate-roots';
import { parseConnectionUrl } from '../lambda-src/stores/postgres/connection-url';
import { USERS_TABLE } from '../test/support/database';
import { startPostgres } from '../test/support/postgres-server';

/** The table that the demo writes to, in a PostgreSQL of its own or in the user's. */
export interface UsersTable {
  readonly name: string;
  /** What creates it. */
  readonly sql: string;
  /** For the function's secret. */
  readonly connectionUrl: string;
  readonly client: Client;
  /** Where it is, for the reader. */
  readonly place: string;
}

/** As PostgreSQL gives it back. */
export interface StoredUser {
  readonly cognito_user_id: string;
  readonly email: string | null;
  readonly display_name: string | null;
  readonly handle: string | null;
}

const DEMO_SCHEMA = 'cognito_user_sync_demo';
/** A comment on the table says that the demo made it, and may drop it. */
const MARK = 'made by the demo of cognito-user-sync';
/** dependent_objects_still_exist */
const HAS_DEPENDENTS = '2BP01';
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export async function embeddedTable(cleanup: Cleanup): Promise<UsersTable> {
  const server = await startPostgres();
  cleanup.add(() => server.stop());
  const connectionUrl = server.connectionString(await server.createDatabase('demo'));
  return {
    name: 'public.users',
    sql: USERS_TABLE,
    connectionUrl,
    client: await connected(connectionUrl, cleanup),
    place: `on port ${server.port}, a server of its own with TLS, gone when the demo ends`,
  };
}

/** In the user's own database the demo touches one schema, and drops it unless it is to be kept. */
export async function ownTable(url: string, keep: boolean, cleanup: Cleanup): Promise<UsersTable> {
  const connectionUrl = withSslmode(url);
  const client = await connected(connectionUrl, cleanup);
  const name = `${DEMO_SCHEMA}.users`;
  await refuseForeignTable(client, name);
  if (!keep) cleanup.add(() => dropTable(client, name));
  return {
    name,
    connectionUrl,
    client,
    sql: `create schema if not exists ${DEMO_SCHEMA};\n${USERS_TABLE.replace('create table public.users', `create table if not exists ${name}`)}\ncomment on table ${name} is '${MARK}';`,
    place: `the database of DATABASE_URL, ${client.database} on ${client.host}:${client.port}, ${keep ? 'where the table stays' : 'from which the table goes when the demo ends'}`,
  };
}

/** A row, and a mark that changes whenever PostgreSQL writes it anew. */
export async function readRow({ client, name }: UsersTable, sub: string): Promise<{ readonly row: StoredUser; readonly written: string } | undefined> {
  const { rows } = await client.query<StoredUser & { written: string }>(
    `select xmin::text as written, cognito_user_id, email, display_name, handle from ${name} where cognito_user_id = $1`, [sub],
  );
  if (rows.length === 0) return undefined;
  const [{ written, ...row }] = rows;
  return { row, written };
}

/** With the same reading of the URL as the function, so that both meet the same server in the same way. */
async function connected(connectionUrl: string, cleanup: Cleanup): Promise<Client> {
  const address = parseConnectionUrl(connectionUrl);
  const { host, port, user, password, database, encrypted } = address;
  const client = new Client({ host, port, user, password, database, ssl: encrypted && { ca: certificateRoots(address).ca } });
  client.on('error', () => undefined); // the next query has it, too
  await client.connect().catch((cause: NodeJS.ErrnoException) => {
    throw new Error(`cannot connect to database ${database} on ${host}:${port}, got ${cause.message || cause.code}: expected a PostgreSQL that lets ${user} in, ${
      encrypted ? 'with TLS and a certificate that can be verified (add ?sslrootcert=<file of its CA>, or ?sslmode=disable for a database without TLS)' : 'without TLS, as its URL says'}`, { cause });
  });
  cleanup.add(() => client.end());
  return client;
}

/** Databases on the developer's own machine rarely have TLS, and there is nobody in between. */
function withSslmode(url: string): string {
  const { host } = parseConnectionUrl(url);
  const written = new URL(url);
  if (written.searchParams.has('sslmode') || !LOOPBACK.includes(host)) return url;
  written.searchParams.set('sslmode', 'disable');
  return written.href;
}

async function refuseForeignTable(client: Client, name: string): Promise<void> {
  const { rows: [{ table, comment }] } = await client.query<{ table: string | null; comment: string | null }>(
    'select to_regclass($1)::text as table, obj_description(to_regclass($1)) as comment', [name],
  );
  if (table !== null && comment !== MARK) {
    throw new Error(`got a table ${name} that the demo did not make, expected none: rename it, or use another database`);
  }
}

async function dropTable(client: Client, name: string): Promise<void> {
  await client.query(`drop table if exists ${name}`);
  await client.query(`drop schema if exists ${DEMO_SCHEMA}`).catch((error: DatabaseError) => {
    if (error.code !== HAS_DEPENDENTS) throw error; // somebody has put something else into it: theirs to drop
  });
}
