import { setTimeout as sleep } from 'node:timers/promises';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { ADA, BOB, CANARY, deadLetter, unreadable, useDeadLetters } from './dead-letters';

const dead = useDeadLetters();

test('list shows whose each dead letter is and why it died', async () => {
  await dead.put([deadLetter(ADA)]);
  const { exitCode, stdout, stderr } = await dead.run('list');
  const [{ messageId }] = (await dead.sqs.messages(dead.queue.deadLetters)).visible;
  expect({ exitCode, lines: stdout.trim().split('\n').map((line) => line.split(/ {2,}/)) }).toEqual({
    exitCode: 0,
    lines: [
      ['MESSAGE', 'SUB', 'USER POOL', 'OBSERVED', 'DEAD FOR', 'FAILURE', 'ERROR', 'CODE', 'CONSTRAINT', 'TABLE', 'COLUMN', 'REASON'],
      [messageId, ADA, 'eu-west-1_AbCdEfGhI', '2026-03-01T09:30:00.000Z', '0 min', 'permanent', 'UserStoreError', '23505', 'users_email_key', 'users', 'email', 'the row breaks the constraint'],
    ],
  });
  expect(stderr).toBe('Seen: 1 of about 1 dead letters.\n');
});

test('with --json the last line of standard output is one JSON object', async () => {
  await dead.put([deadLetter(ADA), unreadable()]);
  const { exitCode, stdout } = await dead.run('list', ['--json']);
  expect(exitCode).toBe(0);
  const { deadLetters, ...rest } = JSON.parse(stdout.trim().split('\n').at(-1)!);
  expect(rest).toEqual({ queueUrl: dead.queue.deadLetters.url, approximateNumberOfMessages: 2, seen: 2 });
  expect(deadLetters).toEqual([
    {
      messageId: expect.any(String),
      sub: ADA,
      userPoolId: 'eu-west-1_AbCdEfGhI',
      observedAt: '2026-03-01T09:30:00.000Z',
      deadSince: expect.stringMatching(/^\d{4}-.*Z$/),
      failure: 'permanent',
      error: 'UserStoreError',
      code: '23505',
      constraint: 'users_email_key',
      table: 'users',
      column: 'email',
      reason: 'the row breaks the constraint',
    },
    {
      messageId: expect.any(String),
      deadSince: expect.any(String),
      failure: 'permanent',
      error: 'QueueMessageError',
      reason: 'the message has version 99',
      unreadable: expect.stringContaining('expected version 1'),
    },
  ]);
});

test('list leaves the queue as it was, whatever the number of messages', async () => {
  await dead.put(Array.from({ length: 57 }, (_, index) => deadLetter(`${ADA}-${index}`)));
  const before = await dead.bodies(dead.queue.deadLetters);
  const { stdout } = await dead.run('list', ['--json']);
  expect(new Set(JSON.parse(stdout).deadLetters.map(({ sub }: { sub: string }) => sub)).size).toBe(57);
  expect((await dead.sqs.messages(dead.queue.deadLetters)).inFlight).toEqual([]);
  expect(await dead.bodies(dead.queue.deadLetters)).toEqual(before);
});

test('list shows only one user with --sub, and several when it is repeated', async () => {
  await dead.put([deadLetter(ADA), deadLetter(BOB), deadLetter(`${BOB}-2`), unreadable()]);
  const subs = async (...args: string[]) => JSON.parse((await dead.run('list', ['--json', ...args])).stdout).deadLetters.map(({ sub }: { sub: string }) => sub);
  expect(await subs('--sub', BOB)).toEqual([BOB]);
  expect((await subs('--sub', BOB, '--sub', ADA)).sort()).toEqual([ADA, BOB].sort());
});

test('--since counts from when they died, not from when they were observed', async () => {
  await dead.put([deadLetter(ADA, { observedAt: new Date('2020-01-01') })]);
  const seen = async (since: string) => JSON.parse((await dead.run('list', ['--json', '--since', since])).stdout).deadLetters.length;
  expect(await seen('5m')).toBe(1);
  await sleep(20);
  expect(await seen(new Date().toISOString())).toBe(0);
});

test.each(['table', '--json'])('nothing that is the user\'s own is shown (%s)', async (format) => {
  await dead.put([deadLetter(ADA), unreadable(), { body: CANARY }, { body: JSON.stringify({ version: CANARY }) }]);
  const { stdout, stderr } = await dead.run('list', format === '--json' ? ['--json'] : []);
  expect(stdout).toContain(ADA);
  expect(stdout).toContain('unreadable');
  expect(stdout + stderr).not.toContain(CANARY);
});

test('what a stranger sent to the queue cannot steer the terminal', async () => {
  await dead.put([{ body: JSON.stringify({ version: 1, userPoolId: 'pool\u009b2J', sub: 'a\u001b[2Jb\nc', observedAt: '2026-03-01T09:30:00Z' }), attributes: { reason: 'x\u0085y' } }]);
  const { stdout } = await dead.run('list');
  expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('an empty queue is no error', async () => {
  const { exitCode, stdout, stderr } = await dead.run('list');
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: 'Seen: 0 of about 0 dead letters.\n' });
});

test('messages in somebody else\'s hands are not waited for', async () => {
  await dead.put([deadLetter(ADA), deadLetter(BOB)]);
  await dead.sqs.client.send(new ReceiveMessageCommand({ QueueUrl: dead.queue.deadLetters.url }));
  const { exitCode, stdout } = await dead.run('list', ['--json']);
  expect({ exitCode, seen: JSON.parse(stdout).seen }).toEqual({ exitCode: 0, seen: 1 });
  expect((await dead.sqs.messages(dead.queue.deadLetters)).inFlight).toHaveLength(1);
});

test('whoever stops reading keeps nothing from being given back', async () => {
  await dead.put(Array.from({ length: 200 }, (_, index) => deadLetter(`${ADA}-${index}`)));
  await dead.run('list', [], { onStart: async (child) => { child.stdout!.destroy(); } }).catch(() => {});
  expect(await dead.sqs.messages(dead.queue.deadLetters)).toMatchObject({ visible: { length: 200 }, inFlight: [] });
});
