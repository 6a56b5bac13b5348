import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(90_000);

const ROOT = join(__dirname, '..', '..');
const STORM = join(ROOT, 'storm', 'storm.ts');
const BUNDLES = join(ROOT, 'assets');

/** Takes the temporary files of a storm. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'storm-test-'));
  chmodSync(folder, 0o755); // as /tmp is; root's servers would go elsewhere otherwise
});

// Whatever way a storm has ended: its servers' folders are removed when they have ended. jest's timeout ends the wait.
afterEach(async () => {
  while (readdirSync(folder).some((name) => name.startsWith('cognito-user-sync-'))) await sleep(50);
  rmSync(folder, { recursive: true });
});

test('a small storm leaves everybody with the right row, and tells how much happened', async () => {
  const { code, stdout, stderr } = await run(['--users', '150', '--seed', '3', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^4 passed, 0 failed$/m) });
  const result = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
  expect(result).toMatchObject({ users: 150, lost: 0, duplicates: 0, stale: 0, resurrected: 0, seed: 3, failedSignUps: 0, deadLetters: 0, sequenceBurnt: 0 });
  for (const figure of ['deleted', 'redriven', 'kills', 'faults', 'listUsers', 'adminGetUser']) expect([figure, result[figure]]).toEqual([figure, expect.any(Number)]);
  expect(Math.min(result.deleted, result.kills, result.faults, result.listUsers, result.adminGetUser)).toBeGreaterThan(0);
});

test('a consumer that drops what it gets is found out, with the seed and the story of somebody', async () => {
  const { code, stdout, stderr } = await run(['--users', '40', '--seed', '1', '--json'], { STORM_ASSETS: assetsWith('exports.handler = async () => ({ batchItemFailures: [] });') });
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^storm: the promise is broken, with seed 1\n[0-9a-f-]{36} \((lost|stale): .*\n +[0-9.]+ s {2}signUp: the trigger gets generation 1$/m) });
  expect(JSON.parse(stdout).stale).toBeGreaterThan(0);
});

test.each([
  [['--users', '0'], /--users got "0": expected a whole number from 1/],
  [['--users', 'many'], /--users got "many"/],
  [['--seed', '-1'], /--seed/],
  [['--store', 'mysql'], /--store got "mysql": expected postgres, dynamodb, service/],
  [['--speed', '9'], /--speed/],
])('refuses the arguments %j with exit code 2', async (args, sentence) => {
  expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
});

test('cleans up on Ctrl-C', async () => {
  const storm = start(['--users', '100']);
  while (readdirSync(folder).length === 0) await sleep(50);
  await sleep(2_000);
  process.kill(-storm.pid!, 'SIGINT');
  expect(await once(storm, 'exit')).toEqual([130, null]);
});

/** In a process group of its own, as a command in a terminal is. */
function start(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, ['--import', 'tsx', STORM, ...args], { cwd: ROOT, env: { ...process.env, TMPDIR: folder, ...environment }, detached: true });
}

async function run(args: readonly string[], environment?: NodeJS.ProcessEnv) {
  const storm = start(args, environment);
  const [stdout, stderr, [code]] = await Promise.all([text(storm.stdout), text(storm.stderr), once(storm, 'exit')]);
  return { code, stdout, stderr };
}

/** The real trigger, with this instead of the consumer. */
function assetsWith(consumer: string): string {
  const assets = join(folder, 'assets');
  for (const name of ['trigger', 'consumer']) mkdirSync(join(assets, name), { recursive: true });
  writeFileSync(join(assets, 'trigger', 'index.js'), `module.exports = require(${JSON.stringify(join(BUNDLES, 'trigger'))});`);
  writeFileSync(join(assets, 'consumer', 'index.js'), consumer);
  return assets;
}
