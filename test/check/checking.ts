import { Client } from 'pg';
import { checkTable, type CheckTarget, type Finding, loginStatement } from '../../lambda-src/check';
import { Deadline } from '../../lambda-src/deadline';
import type { StatementRunner } from '../../lambda-src/stores/postgres/connection';
import { statementRunner } from '../../lambda-src/stores/postgres/database-options';
import type { ConnectionOptions } from '../support/postgres-address';
import type { PostgresVersion } from '../support/postgres-binaries';
import { type PostgresServer, startPostgres } from '../support/postgres-server';

/** The users table of the README, and what is written to it. */
export const USERS: CheckTarget = {
  table: 'public.users',
  columns: { cognito_user_id: 'sub', email: 'email', display_name: { from: 'name', write: 'whileNull' }, handle: 'preferred_username' },
};

export const CREATE_USERS = `create table public.users (
  id bigint generated always as identity primary key, cognito_user_id text not null unique, email text, display_name text, handle text
);`;

export interface Checking {
  /** A superuser's connection. */
  readonly client: Client;
  /** A login as the product creates it, with a password. */
  readonly login: string;
  readonly loginUrl: string;
  connectionString(options?: ConnectionOptions): string;
  rows<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs statements as a superuser, in a database without tables of a former test. */
  arrange(...statements: readonly string[]): Promise<void>;
  /** Creates the login with what it needs. */
  grant(target?: CheckTarget): Promise<void>;
  /** As the login, or as whoever the URL says. */
  check(target?: CheckTarget, url?: string): Promise<Finding[]>;
}

/** A server of the file's own: roles, rds_iam above all, belong to whole servers. Call it at the top of a test file or `describe`. */
export function useChecking(version: PostgresVersion): Checking {
  const login = 'user_sync';
  const runners: Record<string, StatementRunner> = {};
  let server: PostgresServer;
  let client: Client;

  beforeAll(async () => {
    server = await startPostgres({ version });
    client = new Client({ connectionString: server.connectionString('postgres') });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  const checking: Checking = {
    login,
    get client() { return client; },
    get loginUrl() { return checking.connectionString({ user: login, password: 'p' }); },
    connectionString: (options) => server.connectionString('postgres', options),
    rows: async <Row extends object>(sql: string, values: readonly unknown[] = []) => (await client.query<Row>(sql, [...values])).rows,
    async arrange(...statements) {
      const { rows } = await client.query<{ name: string }>("select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_|^information_schema$'");
      for (const { name } of rows) await client.query(`drop schema ${name} cascade`);
      await client.query('create schema public; grant usage on schema public to public');
      for (const statement of statements) await client.query(statement);
    },
    async grant(target = USERS) {
      await client.query(loginStatement({ ...target, login }));
      await client.query(`alter role ${login} password 'p'`);
    },
    check: (target = USERS, url = checking.loginUrl) => checkTable(runners[url] ??= statementRunner({ connectionString: url, table: '' }), target, Deadline.after(20_000), 'error'),
  };
  return checking;
}

export function codes(findings: readonly Finding[]): string[] {
  return findings.map(({ severity, code }) => `${severity} ${code}`);
}
