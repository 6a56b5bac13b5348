import { randomBytes } from 'node:crypto';
import { chown, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { certificates, type Certificates } from './certificates';
import { onFreePort } from './free-port';
import { startKeeper, type Keeper } from './keeper';
import { connectionString, createDatabase, dropDatabase, type ConnectionOptions, type PostgresAddress } from './postgres-address';
import { postgresBinaries, serverUser, type PostgresVersion, type ServerUser } from './postgres-binaries';

export interface PostgresOptions {
  /** @default 18 */
  readonly version?: PostgresVersion;
  /** Lines of `pg_hba.conf` that come before ours, which let everybody in by SCRAM. */
  readonly hba?: readonly string[];
  /** PEM of the certificate and its key. @default - one for `localhost`, signed by the CA */
  readonly certificate?: Pick<Certificates, 'serverCertificate' | 'serverKey'>;
  /** Server settings, as `-c name=value`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A real PostgreSQL with TLS, on a port of its own. Its data is lost when it stops: nothing is synced to disk. */
export interface PostgresServer extends PostgresAddress {
  /** Its log, also the one of statements where `settings` ask for it. */
  readonly logFile: string;
  connectionString(database: string, options?: ConnectionOptions): string;
  createDatabase(name?: string): Promise<string>;
  dropDatabase(name: string): Promise<void>;
  /** Ends every connection with 57P01, as a failover does; same port, same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const keeper = await startKeeper();
  try {
    const prepared = await prepare(keeper, options);
    return await onFreePort((port) => serve(keeper, prepared, port));
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

interface Prepared {
  readonly user: ServerUser | undefined;
  readonly program: string;
  readonly data: string;
  readonly arguments: readonly string[];
  readonly logFile: string;
  readonly address: Omit<PostgresAddress, 'port'>;
}

/** Everything on disk: certificates, and a data folder that `initdb` fills. */
async function prepare(keeper: Keeper, { version = 18, hba = [], certificate, settings = {} }: PostgresOptions): Promise<Prepared> {
  const user = serverUser();
  const file = (name: string) => join(keeper.folder, name);
  if (user) await chown(keeper.folder, user.uid, user.gid);
  const write = async (name: string, text: string) => {
    await writeFile(file(name), text, { mode: 0o600 });
    if (user) await chown(file(name), user.uid, user.gid);
  };

  const address = { user: 'postgres', password: randomBytes(12).toString('hex'), caFile: file('ca.pem'), wrongCaFile: file('wrong-ca.pem') };
  const [binaries, { ca, wrongCa, ...own }] = await Promise.all([postgresBinaries(version, user, keeper.folder), certificates()]);
  const { serverCertificate, serverKey } = certificate ?? own;
  await Promise.all([
    write('ca.pem', ca),
    write('wrong-ca.pem', wrongCa),
    write('server.pem', serverCertificate),
    write('server.key', serverKey),
    write('password', address.password),
  ]);

  const data = file('data');
  const initdb = keeper.start(join(binaries, 'bin', 'initdb'), [
    `--pgdata=${data}`, '--username=postgres', `--pwfile=${file('password')}`, '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-sync',
  ], { ...user, cwd: keeper.folder, logFile: file('initdb.log') });
  const result = await initdb.ended;
  if (result !== 0) throw new Error(`initdb of PostgreSQL ${version} ended with ${result}: ${await readFile(file('initdb.log'), 'utf8')}`);
  await writeFile(join(data, 'pg_hba.conf'), [...hba, 'host all all all scram-sha-256', ''].join('\n'));

  const settled = {
    listen_addresses: 'localhost',
    unix_socket_directories: '',
    ssl: 'on',
    ssl_cert_file: file('server.pem'),
    ssl_key_file: file('server.key'),
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    ...settings,
  };
  return {
    user,
    program: join(binaries, 'bin', 'postgres'),
    data,
    arguments: ['-D', data, ...Object.entries(settled).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    logFile: file('server.log'),
    address,
  };
}

async function serve(keeper: Keeper, prepared: Prepared, port: number): Promise<PostgresServer> {
  const address: PostgresAddress = { ...prepared.address, port };
  const start = async () => {
    const { user, program, data, logFile } = prepared;
    const server = keeper.start(program, [...prepared.arguments, '-p', String(port)], { ...user, cwd: keeper.folder, logFile });
    // The server writes its state into the eighth line of this file; `pg_ctl` waits for it in the same way.
    await server.untilReady(() => readFile(join(data, 'postmaster.pid'), 'utf8').then((text) => text.split('\n')[7]?.trim() === 'ready', () => false));
    return server;
  };
  let running = await start();

  return {
    ...address,
    logFile: prepared.logFile,
    connectionString: (database, options) => connectionString(address, database, options),
    createDatabase: (name) => createDatabase(address, name),
    dropDatabase: (name) => dropDatabase(address, name),
    restart: async () => {
      running.kill('SIGINT');
      await running.ended;
      running = await start();
    },
    stop: () => keeper.stop(),
  };
}
