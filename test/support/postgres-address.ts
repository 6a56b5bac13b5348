import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** All that a client must know of a running server. Plain data, so that it can be handed to other processes. */
export interface PostgresAddress {
  readonly port: number;
  /** A superuser. */
  readonly user: string;
  readonly password: string;
  /** PEM file of the CA that signed the server's certificate. */
  readonly caFile: string;
  /** PEM file of a CA that signed nothing. */
  readonly wrongCaFile: string;
}

export interface ConnectionOptions {
  readonly user?: string;
  readonly password?: string;
  /** The certificate is for `localhost` and `127.0.0.1`. */
  readonly host?: string;
  /** Of a proxy in front of the server. */
  readonly port?: number;
  readonly sslmode?: 'verify-full' | 'disable';
}

export function connectionString(address: PostgresAddress, database: string, options: ConnectionOptions = {}): string {
  const { user, password, host, port, sslmode } = { host: 'localhost', sslmode: 'verify-full', ...address, ...options };
  const url = new URL(`postgresql://${host}:${port}/${encodeURIComponent(database)}`);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  url.searchParams.set('sslmode', sslmode);
  if (sslmode === 'verify-full') url.searchParams.set('sslrootcert', address.caFile);
  return url.href;
}

/** @returns the new database's name */
export async function createDatabase(address: PostgresAddress, name = `test_${randomUUID().replaceAll('-', '')}`): Promise<string> {
  await administer(address, (client) => `create database ${client.escapeIdentifier(name)}`);
  return name;
}

/** Also while clients are connected. */
export async function dropDatabase(address: PostgresAddress, name: string): Promise<void> {
  await administer(address, (client) => `drop database ${client.escapeIdentifier(name)} with (force)`);
}

async function administer(address: PostgresAddress, statement: (client: Client) => string): Promise<void> {
  const client = new Client({ connectionString: connectionString(address, 'postgres') });
  await client.connect();
  try {
    await client.query(statement(client));
  } finally {
    await client.end();
  }
}
