import { Client, type QueryResultRow } from 'pg';
import type { EmulatedStack } from './emulated-stack';
import type { Attributes } from './resources';
import { idsOf, onlyIdOf } from './template';
import type { Cleanup } from '../../demo/cleanup';
import { startPostgres, type PostgresServer } from '../../test/support/postgres-server';
import { startTcpProxy, type TcpProxy } from '../../test/support/tcp-proxy';

/** What the application does with its database: it makes the table, and it reads it. */
export interface EmulatedDatabase {
  readonly server: PostgresServer;
  /** Of the proxy before it. */
  readonly port: number;
  sql<Row extends QueryResultRow = QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Nobody lets in who comes, as while Aurora is not awake yet. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export async function database({ cleanup }: EmulatedStack, id: string, { DBName, DatabaseName = DBName }: Readonly<Record<string, any>>): Promise<Attributes> {
  const emulator = await startDatabase(DatabaseName, cleanup);
  return { 'Ref': id, 'Endpoint.Address': 'localhost', 'Endpoint.Port': emulator.port, emulator };
}

/**
 * A PostgreSQL with TLS, behind a proxy that can close. With what RDS brings: the role `rds_iam`, whose members log in by
 * tokens. A plug-in that only RDS has checks those; here whoever is a member is let in.
 */
export async function startDatabase(name: string, cleanup: Cleanup): Promise<EmulatedDatabase> {
  const server = await startPostgres({ hba: ['hostssl all +rds_iam all trust'] });
  cleanup.add(() => server.stop());
  const proxy = await startTcpProxy(server.port);
  cleanup.add(() => proxy.stop());
  await server.createDatabase(name);
  const started = emulatedDatabase(server, name, proxy);
  await started.sql('create role rds_iam');
  return started;
}

/** The only one that the template has. */
export async function databaseOf(stack: EmulatedStack): Promise<EmulatedDatabase> {
  const { template } = stack.synthesised;
  const [cluster] = idsOf(template, 'AWS::RDS::DBCluster'); // its instances have no data of their own
  return (await stack.attributesOf(cluster ?? onlyIdOf(template, 'AWS::RDS::DBInstance'))).emulator as EmulatedDatabase;
}

/** The master user's secret, which CloudFormation completes with the way to the database. */
export async function databaseSecret(stack: EmulatedStack, _id: string, { SecretId }: Readonly<Record<string, any>>): Promise<Attributes> {
  const arn = await stack.resolve(SecretId);
  const { server } = await databaseOf(stack);
  stack.services.secretsManager.putSecret(arn, JSON.stringify({ username: server.user, password: server.password }));
  return { Ref: arn };
}

function emulatedDatabase(server: PostgresServer, name: string, proxy: TcpProxy): EmulatedDatabase {
  return {
    server,
    port: proxy.port,
    async sql<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const client = new Client({ connectionString: server.connectionString(name) });
      await client.connect();
      try {
        return (await client.query<Row>(text, [...values])).rows;
      } finally {
        await client.end();
      }
    },
    async pause() {
      await proxy.refuse();
      proxy.cut();
    },
    resume: () => proxy.restore(),
  };
}
