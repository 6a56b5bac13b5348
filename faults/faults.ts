import { HELP, readArguments, UsageError, type FaultsArguments } from './arguments';
import { KINDS } from './kinds';
import { counted, heading, json, tableRow } from './report';
import { runFaults } from './run';
import type { StoreKind } from './store';
import { Cleanup } from '../demo/cleanup';

/** 128 and the signal's number, as shells have it. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) return print(HELP);
  if (options.list) return print(`${KINDS[options.store].faults.map(({ name }) => name).join('\n')}\n`);

  const cleanup = new Cleanup();
  const ended = await Promise.race([breakEverything(options, cleanup).catch((error: Error) => error), signalled()]);
  const failures = await cleanup.run();
  if (typeof ended === 'object' && !(ended instanceof Error)) {
    for (const failure of failures) complain(failure);
    return ended.code;
  }
  if (ended instanceof Error) complain(ended);
  // Whatever is still under way goes with this process.
  return process.exit(ended instanceof Error ? exitCode(ended) : ended);
}

/** @throws UsageError */
async function breakEverything({ store, only, json: isJson, log }: FaultsArguments, cleanup: Cleanup): Promise<{ readonly code: number }> {
  const kind: StoreKind = KINDS[store];
  const faults = kind.faults.filter(({ name }) => only.length === 0 || only.some((text) => name.includes(text)));
  if (faults.length === 0) throw new UsageError(`no fault has ${only.map((text) => JSON.stringify(text)).join(' or ')} in its name: --list shows them`);
  let done = 0;
  const table = isJson ? process.stderr : process.stdout;
  const verdicts = await runFaults(kind, faults, cleanup, (verdict) => {
    done += 1;
    process.stderr.write(`${done} of ${faults.length}: ${verdict.result.name}\n`);
    if (log) process.stderr.write(`${verdict.log.join('\n')}\n\n`);
  });
  table.write(`\n${[heading(), ...verdicts.map(tableRow)].join('\n')}\n\n`);
  print(`${isJson ? json(verdicts) : counted(verdicts)}\n`);
  return { code: verdicts.every(({ broken }) => broken.length === 0) ? 0 : 1 };
}

/** @returns the exit code that goes with the first signal */
function signalled(): Promise<number> {
  return new Promise((resolve) => {
    for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => resolve(code));
  });
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(error: Error): void {
  process.stderr.write(`\nfaults: ${error.message}\n`);
}

function exitCode(error: Error): number {
  return error instanceof UsageError ? 2 : 1;
}

void main().catch((error: Error) => {
  complain(error);
  return exitCode(error);
}).then((code) => {
  process.exitCode = code;
});
