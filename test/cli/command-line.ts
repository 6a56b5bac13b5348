import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const BUNDLE = join(__dirname, '..', '..', 'assets', 'cli', 'index.js');

export interface Run {
  readonly exitCode: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to nothing but the path: what is on this machine must not matter. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly nodeOptions?: readonly string[];
  readonly onStart?: (child: ChildProcess) => Promise<void>;
}

/** `cognito-user-sync` as npm would start it, from the prebuilt bundle. */
export async function commandLine(args: readonly string[], { environment = {}, input, nodeOptions = [], onStart }: RunOptions = {}): Promise<Run> {
  if (!existsSync(BUNDLE)) throw new Error('got no assets/cli/index.js, expected a built package: run npm test, which builds it first, or npm run bundle');
  const env = { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent', ...environment };
  const child = spawn(process.execPath, [...nodeOptions, BUNDLE, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}).end(input);
  const [[code, signal], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr), onStart?.(child)]);
  return { exitCode: code ?? signal, stdout, stderr };
}

/** Enough to call the SQS of this test. */
export function local(url: string): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL_SQS: url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'eu-west-1' };
}
