import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onFreePort } from '../support/free-port';
import { startKeeper } from '../support/keeper';

const run = promisify(execFile);

/** moto's server, which stands for much of AWS: https://docs.getmoto.org/en/latest/docs/server_mode.html */
export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** Out of the way of jest and ESLint, which look through whole folders. */
const VENV = join(__dirname, '..', '..', 'node_modules', '.cache', 'cognito-user-sync', 'moto');
const REQUIREMENTS = join(__dirname, 'requirements.txt');
const [, VERSION] = readFileSync(REQUIREMENTS, 'utf8').trim().split('==');
const PYTHON = join(VENV, 'bin', 'python');

/** Takes half a minute at the first time. */
export async function installMoto(): Promise<void> {
  const installed = await run(PYTHON, ['-c', 'from importlib.metadata import version; print(version("moto"))']).then(({ stdout }) => stdout.trim(), () => undefined);
  if (installed === VERSION) return;
  console.log(`installing moto ${VERSION}`);
  await mkdir(dirname(VENV), { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', VENV]).catch(({ message }) => {
    throw new Error(`could not make a virtual environment, expected Python 3 with venv: install both, on Debian with apt-get install python3 python3-venv (${message})`);
  });
  await run(join(VENV, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS], { maxBuffer: Infinity }).catch(({ stderr }) => {
    throw new Error(`could not install moto, expected pip to reach PyPI once: ${stderr}`);
  });
}

export async function startMoto(): Promise<Moto> {
  const keeper = await startKeeper();
  try {
    return await onFreePort(async (port) => {
      const server = keeper.start(PYTHON, [join(__dirname, 'server.py'), '--host', '127.0.0.1', '--port', String(port)], { cwd: keeper.folder, logFile: join(keeper.folder, 'moto.log'), env: process.env });
      await server.untilReady(() => isListening(port));
      return { url: `http://127.0.0.1:${port}`, stop: () => keeper.stop() };
    });
  } catch (error) {
    await keeper.stop();
    throw error;
  }
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
