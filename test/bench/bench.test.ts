import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UPSERT } from '../../bench/peers/upsert';
import { upsertStatements } from '../../lambda-src/stores/postgres/upsert';

const ROOT = join(__dirname, '..', '..');

test('a quick run prints one JSON object with every figure at its top', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [require.resolve('tsx/cli'), 'bench/bench.ts', '--json', '--quick', '--without-python'], { cwd: ROOT });
  const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1)!);

  expect(figures).toEqual(expect.objectContaining({
    coldVsBarePg: expect.any(Number),
    coldVsBarePgLoopback: expect.any(Number),
    coldVsCommonJs: expect.any(Number),
    coldPrebuiltVsBarePg: expect.any(Number),
    coldPrebuiltVsBarePgLoopback: expect.any(Number),
    coldWithSecretVsSequential: expect.any(Number),
    warmVsBarePg: expect.any(Number),
    warmVsBarePgLoopback: expect.any(Number),
    triggerBundleBytes: expect.any(Number),
    bulkVsCopyMerge: expect.any(Number),
    bulkVsCopyMergeOneConnection: expect.any(Number),
    bulkVsCopyMerge10: expect.any(Number),
    bulkVsCopyMerge10OneConnection: expect.any(Number),
    bulkMemoryGrowth: expect.any(Number),
    // Nothing to compare with where Python is missing.
    coldVsSeed000: null,
    coldVsSeed000Loopback: null,
    warmVsSeed000: null,
    warmVsSeed000Loopback: null,
    notes: expect.arrayContaining([expect.stringContaining('without Python')]),
  }));
}, 60_000);

test('the bare handler runs the very statement that ours runs', () => {
  const names = ['cognito_user_id', 'email', 'display_name', 'handle'];
  const columns = names.map((name) => ({ name, kind: 'text' as const, write: 'always' as const, isVersion: false, isSub: false }));
  const statementFor = upsertStatements('"public"."users"', ['cognito_user_id'], columns);

  expect(UPSERT).toBe(statementFor(new Map(names.map((name) => [name, '']))).text);
});
