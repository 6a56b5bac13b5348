import { spawn } from 'node:child_process';

/**
 * Runs commands at the same time: `tsx projenrc/together.ts "tsc --noEmit" "eslint src"`. What each has to say comes when it
 * is done; the exit code is the first that is not 0.
 */
async function run(command: string): Promise<number> {
  const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const output of [child.stdout, child.stderr]) output.on('data', (part: Buffer) => said.push(part));
  const code = await new Promise<number>((resolve) => child.on('close', (exitCode) => resolve(exitCode ?? 1)));
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${command}\n${Buffer.concat(said).toString()}`);
  return code;
}

void Promise.all(process.argv.slice(2).map(run)).then((codes) => {
  process.exitCode = codes.find((code) => code !== 0) ?? 0;
});
