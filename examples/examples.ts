import { allExamples } from './all';
import { HELP, readArguments, UsageError, type ExamplesArguments } from './arguments';
import { counted, hasPassed, json, table } from './report';
import { runExample, type Result } from './run';
import { Cleanup } from '../demo/cleanup';

/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const cleanup = new Cleanup();
  const ended = await Promise.race([runAll(options, cleanup).catch((error: Error) => error), signalled()]);
  const failures = await cleanup.run();
  if (typeof ended === 'number') return ended;
  for (const failure of ended instanceof Error ? [ended, ...failures] : failures) complain(failure);
  if (ended instanceof Error) return exitCode(ended);

  (options.json ? process.stderr : process.stdout).write(`\n${table(ended)}\n\n`);
  process.stdout.write(`${options.json ? json(ended) : counted(ended)}\n`);
  return ended.every(hasPassed) ? 0 : 1;
}

/** @throws UsageError */
async function runAll({ only }: ExamplesArguments, cleanup: Cleanup): Promise<readonly Result[]> {
  const chosen = Object.entries(allExamples).filter(([name]) => only.length === 0 || only.some((text) => name.includes(text)));
  if (chosen.length === 0) {
    throw new UsageError(`no example has ${only.map((text) => JSON.stringify(text)).join(' or ')} in its name: there are ${Object.keys(allExamples).join(', ')}`);
  }
  const results: Result[] = [];
  for (const [name, example] of chosen) {
    const result = await runExample(name, example, cleanup);
    results.push(result);
    process.stderr.write(`${results.length} of ${chosen.length}: ${name}\n`);
    if (result.failure) process.stderr.write(`${result.failure.stack}\n${result.log.join('\n')}\n\n`);
  }
  return results;
}

/** @returns the exit code that goes with the first signal */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => resolve(code));
  });
}

function complain(error: Error): void {
  process.stderr.write(`\nexamples: ${error.message}\n`);
}

function exitCode(error: Error): number {
  return error instanceof UsageError ? 2 : 1;
}

void main().catch((error: Error) => {
  complain(error);
  return exitCode(error);
}).then((code) => process.exit(code)); // whatever a failed example still starts goes with this process
