import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ENVIRONMENT = join(__dirname, '..', 'node_modules', '.cache', 'cognito-user-sync', 'bench-python');

export interface Python {
  readonly program: string;
  /** Of Python, psycopg2 and libpq. */
  readonly versions: string;
}

/** @returns a Python with psycopg2, installed on first need, or why there is none */
export async function pythonWithPsycopg2(): Promise<Python | { readonly missing: string }> {
  const program = join(ENVIRONMENT, 'bin', 'python');
  try {
    return { program, versions: await versionsOf(program) };
  } catch {
    // Not made yet, or only half of it.
  }
  try {
    await rm(ENVIRONMENT, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', ENVIRONMENT]);
    await run(program, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', 'psycopg2-binary']);
    return { program, versions: await versionsOf(program) };
  } catch (error) {
    return { missing: `no Python with psycopg2: ${(error as Error).message.trim()}` };
  }
}

async function versionsOf(program: string): Promise<string> {
  const { stdout } = await run(program, ['-c', [
    'import platform, psycopg2',
    'libpq = psycopg2.extensions.libpq_version()',
    'print(f"Python {platform.python_version()}, psycopg2 {psycopg2.__version__.split()[0]}, libpq {libpq // 10000}.{libpq % 10000}")',
  ].join('\n')]);
  return stdout.trim();
}
