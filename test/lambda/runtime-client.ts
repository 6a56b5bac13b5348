import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { node24 } from '../support/node24';

const run = promisify(execFile);

const FOLDER = join(__dirname, 'client');
const PACKAGE = join(FOLDER, 'node_modules', 'aws-lambda-ric');

/** The runtime client itself is plain JavaScript. */
export const RUNTIME_CLIENT = join(PACKAGE, 'index.mjs');
/** The part that talks to the Runtime API is C++. Its install script writes this file last. */
const COMPILED_PART = join(PACKAGE, 'rapid-client.node');

/** What the install script calls for: curl is built by configure and make, the rest by cmake and by node-gyp, which is Python. */
const BUILD_TOOLS = ['cmake', 'make', 'gcc', 'g++', 'python3', 'tar', 'xz'];

/** Takes a minute at the first time. */
export async function installRuntimeClient(): Promise<void> {
  if (existsSync(COMPILED_PART)) return;
  if (process.platform !== 'linux') throw new Error(`got ${process.platform}, expected linux: aws-lambda-ric compiles nowhere else, run test:lambda in a Linux container`);
  const missing = (await Promise.all(BUILD_TOOLS.map(async (tool) => run(tool, ['--version']).then(() => [], () => [tool])))).flat();
  if (missing.length > 0) throw new Error(`got no ${missing.join(', ')}, expected ${BUILD_TOOLS.join(', ')}, which compile aws-lambda-ric: install them, on Debian with apt-get install build-essential cmake python3 xz-utils`);

  console.log('compiling aws-lambda-ric, which takes a minute at the first time');
  const bin = dirname(await node24());
  const headers = dirname(bin);
  const env = {
    ...process.env,
    // It refuses to be compiled for an older Node.js.
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    // Else node-gyp downloads them.
    ...(existsSync(join(headers, 'include', 'node', 'node.h')) && { npm_config_nodedir: headers }),
  };
  await run('npm', ['ci', '--no-audit', '--no-fund', '--foreground-scripts'], { cwd: FOLDER, env, maxBuffer: Infinity }).catch(({ stderr }) => {
    throw new Error(`could not install aws-lambda-ric, expected npm to reach its registry once, and its install script to succeed: ${stderr}`);
  });
}
