import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Out of the way of jest and ESLint, which look through whole folders. */
const VENV = join(__dirname, '..', '..', 'node_modules', '.cache', 'cognito-user-sync', 'cfn-lint');
const REQUIREMENTS = join(__dirname, 'requirements.txt');
const [NAME, VERSION] = readFileSync(REQUIREMENTS, 'utf8').trim().split('==');
const CFN_LINT = join(VENV, 'bin', NAME);

export interface Finding {
  readonly Filename: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** What the CDK writes, and nobody who uses it can mend. */
const IGNORED: Readonly<Record<string, string>> = {
  W3005: 'the CDK makes every function depend on its role, which it also refers to, and all of a construct depend on all of another, where one reference would be enough',
  W3010: 'the CDK writes the availability zones that it looked up for a VPC whose stack has an account and a Region; the VPCs here are the tests\' own',
};

/** Takes half a minute at the first time. */
export async function installCfnLint(): Promise<void> {
  const installed = await run(CFN_LINT, ['--version']).then(({ stdout }) => stdout.trim(), () => undefined);
  if (installed === `${NAME} ${VERSION}`) return;
  console.log(`installing ${NAME} ${VERSION}`);
  await mkdir(dirname(VENV), { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', VENV]).catch(({ message }) => {
    throw new Error(`could not make a virtual environment, expected Python 3 with venv: install both, on Debian with apt-get install python3 python3-venv (${message})`);
  });
  await run(join(VENV, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS], { maxBuffer: Infinity }).catch(({ stderr }) => {
    throw new Error(`could not install ${NAME}, expected pip to reach PyPI once: ${stderr}`);
  });
}

/** What cfn-lint says of the templates, as for this Region. */
export async function lint(files: readonly string[]): Promise<Finding[]> {
  // It uses one core, and loads for a second.
  const cores = availableParallelism();
  const shares = Array.from({ length: cores }, (_, core) => files.filter((__, index) => index % cores === core)).filter(({ length }) => length > 0);
  return (await Promise.all(shares.map(lintShare))).flat();
}

async function lintShare(files: readonly string[]): Promise<Finding[]> {
  const args = ['--regions', 'eu-west-1', '--format', 'json', ...Object.keys(IGNORED).flatMap((id) => ['--ignore-checks', id]), '--template', ...files];
  // Ends with another code than 0 where it finds anything; what it says then is JSON all the same.
  const { stdout, stderr } = await run(CFN_LINT, args, { maxBuffer: Infinity }).catch((error: { stdout: string; stderr: string }) => error);
  if (!stdout.trim().startsWith('[')) throw new Error(`got no findings from cfn-lint, expected JSON: ${stderr}`);
  return JSON.parse(stdout) as Finding[];
}
