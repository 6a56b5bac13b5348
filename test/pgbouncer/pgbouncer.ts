import { spawnSync } from 'node:child_process';
import { chown, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { certificates } from '../support/certificates';
import { onFreePort } from '../support/free-port';
import { startKeeper } from '../support/keeper';
import type { PostgresAddress } from '../support/postgres-address';
import { serverUser } from '../support/postgres-binaries';

/** Real PgBouncer in front of a server: each transaction may run on another of its connections to it. */
export interface PgBouncer {
  readonly port: number;
  /** Closes every client's connection. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Fewer than the clients, so that they share connections. */
export const POOL_SIZE = 3;

/** So long it refuses everybody after it could not connect. */
export const LOGIN_RETRY_MS = 200;

/** Debian installs it where only root's PATH leads. */
const PATH = [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter);

/** From Debian's packages, where it is missing and we may. */
export function installPgBouncer(): void {
  if (isInstalled()) return;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log('installing pgbouncer by apt-get');
    const apt = (...args: string[]) => spawnSync('apt-get', [...args, '-qq', '-y'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    apt('update');
    apt('install', 'pgbouncer');
  }
  if (!isInstalled()) throw new Error('got no program pgbouncer, expected one in the PATH: install it, on Debian with apt-get install pgbouncer as root');
}

export async function startPgBouncer(server: PostgresAddress): Promise<PgBouncer> {
  const keeper = await startKeeper();
  try {
    // It refuses to run as root, as PostgreSQL does.
    const user = serverUser();
    const file = (name: string) => join(keeper.folder, name);
    if (user) await chown(keeper.folder, user.uid, user.gid);
    const write = async (name: string, text: string) => {
      await writeFile(file(name), text, { mode: 0o600 });
      if (user) await chown(file(name), user.uid, user.gid);
    };
    const { serverCertificate, serverKey } = await certificates();
    await Promise.all([write('server.pem', serverCertificate), write('server.key', serverKey), write('ca.pem', await readFile(server.caFile, 'utf8')), write('users.txt', `"${server.user}" "${server.password}"\n`)]);
    return await onFreePort(async (port) => {
      await write('pgbouncer.ini', configuration(server, port, file));
      const start = async () => {
        const running = keeper.start('pgbouncer', [file('pgbouncer.ini')], { ...user, env: { PATH }, cwd: keeper.folder, logFile: file('pgbouncer.log') });
        await running.untilReady(() => isListening(port));
        return running;
      };
      let running = await start();
      return {
        port,
        async restart() {
          running.kill('SIGTERM');
          await running.ended;
          running = await start();
        },
        stop: () => keeper.stop(),
      };
    });
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

/** https://www.pgbouncer.org/config.html */
function configuration(server: PostgresAddress, port: number, file: (name: string) => string): string {
  return `[databases]
* = host=localhost port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
default_pool_size = ${POOL_SIZE}
max_client_conn = 100
auth_type = scram-sha-256
auth_file = ${file('users.txt')}
client_tls_sslmode = require
client_tls_cert_file = ${file('server.pem')}
client_tls_key_file = ${file('server.key')}
server_tls_sslmode = verify-full
server_tls_ca_file = ${file('ca.pem')}
server_login_retry = ${LOGIN_RETRY_MS / 1000}
`;
}

function isInstalled(): boolean {
  return spawnSync('pgbouncer', ['--version'], { env: { PATH } }).status === 0;
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
