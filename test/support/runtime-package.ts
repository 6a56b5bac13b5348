import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const RUNTIME = join(__dirname, '..', '..', 'runtime');
const INSTALLED = join(RUNTIME, 'node_modules');

/**
 * Folder of one of the packages in runtime/package.json, installed on first need.
 *
 * @throws where npm has no such package for this machine, or cannot reach its registry
 */
export async function runtimePackage(name: string): Promise<string> {
  const wanted = JSON.parse(await readFile(join(RUNTIME, 'package.json'), 'utf8')).optionalDependencies[name];
  if (wanted === undefined) throw new Error(`got no package ${name} in runtime/package.json: this machine has none of the platforms there`);
  const folder = join(INSTALLED, name);
  if (await versionIn(folder) !== wanted) await install(name, folder);
  const got = await versionIn(folder);
  if (got !== wanted) throw new Error(`got ${got ?? 'nothing'} in runtime/node_modules/${name}, expected ${wanted}: delete runtime/node_modules and try again`);
  return folder;
}

async function versionIn(folder: string): Promise<string | undefined> {
  return readFile(join(folder, 'package.json'), 'utf8').then((json) => JSON.parse(json).version, () => undefined);
}

/** Beside the place where it belongs, then renamed: test files that need it at the same time must not see half of it. */
async function install(name: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await mkdtemp(join(INSTALLED, '.installing-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(RUNTIME, file), join(temporary, file));
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'], { cwd: temporary, shell: process.platform === 'win32' });
    await rm(folder, { recursive: true, force: true }); // of an older version
    await rename(join(temporary, 'node_modules', name), folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    throw new Error(`could not install ${name}, got ${String(cause)}: expected npm to reach its registry once, for runtime/package-lock.json`, { cause });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
