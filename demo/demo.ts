import { HELP, readArguments, UsageError } from './arguments';
import { Cleanup } from './cleanup';
import { Display } from './display';
import { signUp } from './sign-up';

/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const display = new Display(options.json ? process.stderr : process.stdout);
  const cleanup = new Cleanup();
  const ended = await Promise.race([signUp(options, process.env.DATABASE_URL, display, cleanup).catch((error: Error) => error), signalled()]);
  const failures = await cleanup.run();
  // Whatever is still starting goes with this process.
  if (typeof ended === 'number') process.exit(ended);

  for (const failure of ended instanceof Error ? [ended, ...failures] : failures) complain(failure);
  if (ended instanceof Error || failures.length > 0) return 1;
  display.end(`Every user in the pool has exactly one correct row, and so has ${options.name}.`);
  if (options.json) process.stdout.write(`${JSON.stringify(ended)}\n`);
  return 0;
}

/** @returns the exit code that goes with the first signal */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => resolve(code));
  });
}

function complain(error: Error): void {
  process.stderr.write(`\ndemo: ${error.message}\n`);
}

void main().catch((error: Error) => {
  complain(error);
  return error instanceof UsageError ? 2 : 1;
}).then((code) => {
  process.exitCode = code;
});
