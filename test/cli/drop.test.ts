import { join } from 'node:path';
import type { RunOptions } from './command-line';
import { ADA, BOB, CANARY, deadLetter, unreadable, useDeadLetters } from './dead-letters';

const dead = useDeadLetters();

/** A pipe has no terminal behind it; this one says that it has. */
const AT_A_TERMINAL: RunOptions = { nodeOptions: ['--require', join(__dirname, 'terminal.js')] };

test('drop --sub deletes one user\'s messages for good, and tells which and why', async () => {
  await dead.put([deadLetter(ADA), deadLetter(BOB), unreadable()]);
  const { exitCode, stdout, stderr } = await dead.run('drop', ['--sub', ADA, '--yes']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`${ADA}.*the row breaks the constraint\nDropped: 1\\. Could not be dropped: 0\\. Left: 2\\.`));
  expect(stdout).not.toContain(BOB);
  expect(stdout + stderr).not.toContain(CANARY);
  expect(await dead.bodies(dead.queue.deadLetters)).toEqual([deadLetter(BOB).body, unreadable().body].sort());
  expect((await dead.sqs.messages(dead.queue.deadLetters)).inFlight).toEqual([]);
});

test('drop --all deletes everything, unreadable messages too', async () => {
  await dead.put([...Array.from({ length: 120 }, (_, index) => deadLetter(`${ADA}-${index}`)), unreadable()]);
  const { stdout } = await dead.run('drop', ['--all', '--yes']);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('Dropped: 121. Could not be dropped: 0. Left: 0.');
  expect(await dead.bodies(dead.queue.deadLetters)).toEqual([]);
});

test('drop does not guess what is meant', async () => {
  await dead.put([deadLetter(ADA)]);
  expect(await dead.run('drop', ['--yes'])).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--sub, --since, or --all') });
  expect(await dead.run('drop', ['--all', '--sub', ADA, '--yes'])).toMatchObject({ exitCode: 2 });
  expect(await dead.bodies(dead.queue.deadLetters)).toHaveLength(1);
});

test('without a terminal drop needs --yes', async () => {
  await dead.put([deadLetter(ADA)]);
  expect(await dead.run('drop', ['--all'], { input: 'y\n' })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('add --yes') });
  expect(await dead.bodies(dead.queue.deadLetters)).toHaveLength(1);
});

test('at a terminal drop asks, and deletes after a yes', async () => {
  await dead.put([deadLetter(ADA), deadLetter(BOB)]);
  const { exitCode, stderr } = await dead.run('drop', ['--sub', ADA], { ...AT_A_TERMINAL, input: 'y\n' });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('Delete 1 of 2 dead letters for good?') });
  expect(await dead.bodies(dead.queue.deadLetters)).toEqual([deadLetter(BOB).body]);
});

test.each(['n\n', '\n', ''])('at a terminal nothing is deleted after %j', async (input) => {
  await dead.put([deadLetter(ADA)]);
  const { exitCode, stderr } = await dead.run('drop', ['--all'], { ...AT_A_TERMINAL, input });
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('Nothing was dropped.') });
  expect(await dead.sqs.messages(dead.queue.deadLetters)).toMatchObject({ visible: { length: 1 }, inFlight: [] });
});

test('what SQS does not delete is given back, and the exit code tells', async () => {
  await dead.put([deadLetter(ADA)]);
  await dead.sqs.behave({ refusal: { code: 'AccessDeniedException', actions: ['DeleteMessageBatch'] } });
  const { exitCode, stdout, stderr } = await dead.run('drop', ['--all', '--yes']);
  expect({ exitCode, stdout: stdout.trimEnd().split('\n').at(-1) }).toEqual({ exitCode: 1, stdout: 'Dropped: 0. Could not be dropped: 1. Left: 0.' });
  expect(stderr).toContain('1 could not be dropped: not allowed to call sqs:DeleteMessage');
  expect((await dead.sqs.messages(dead.queue.deadLetters)).visible).toHaveLength(1);
});
