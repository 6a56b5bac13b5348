import { join } from 'node:path';
import { HELP, readArguments, UsageError } from './arguments';
import { endProgress, progressOnStandardError } from './progress';
import { json, stories, table } from './report';
import { storm } from './storm-run';
import { COUNTS } from './verdict';
import { Cleanup } from '../demo/cleanup';

/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Elsewhere for bundles that were broken on purpose, to see that the storm notices. */
const ASSETS = process.env.STORM_ASSETS ?? join(__dirname, '..', 'assets');

async function main(): Promise<number> {
  const { store, users, seed, json: asJson, help } = readArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  const cleanup = new Cleanup();
  const ended = await Promise.race([storm({ store, users, seed, assets: ASSETS, onProgress: progressOnStandardError }, cleanup).catch((error: Error) => error), signalled()]);
  endProgress();
  const failures = await cleanup.run();
  if (typeof ended === 'number') process.exit(ended);
  for (const failure of ended instanceof Error ? [ended, ...failures] : failures) complain(failure.message);
  if (ended instanceof Error) {
    complain(`seed ${seed}`);
    return 1;
  }

  const isBroken = COUNTS.some((count) => ended.verdict[count] > 0) || ended.figures.failedSignUps > 0;
  if (isBroken) complain(`the promise is broken, with seed ${seed}${stories(ended)}\n`);
  const shown = table(ended, { store, users, seed });
  if (asJson) process.stderr.write(`${shown}\n`);
  process.stdout.write(`${asJson ? json(ended, { store, users, seed }) : shown}\n`);
  return isBroken || failures.length > 0 ? 1 : 0;
}

/** @returns the exit code that goes with the first signal */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => resolve(code));
  });
}

function complain(sentence: string): void {
  process.stderr.write(`\nstorm: ${sentence}\n`);
}

void main().catch((error: Error) => {
  complain(error.message);
  return error instanceof UsageError ? 2 : 1;
}).then((code) => {
  // Not by process.exitCode: Node.js 20 sometimes turns for ever when it takes down sockets that were reset.
  process.stdout.write('', () => process.exit(code));
});
