import { setTimeout as sleep } from 'node:timers/promises';
import { local, commandLine } from './command-line';
import { ADA, BOB, CANARY, deadLetter, unreadable, useDeadLetters } from './dead-letters';

const dead = useDeadLetters();

test('redrive says where to, and moves every message as it is, without its reason', async () => {
  const letters = [deadLetter(ADA), deadLetter(BOB), unreadable()];
  await dead.put(letters);
  const { exitCode, stdout, stderr } = await dead.run('redrive');
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'Moved: 3. Could not be moved: 0. Left: 0.\n' });
  expect(stderr.split('\n').slice(0, 2)).toEqual([`From ${dead.queue.deadLetters.url}`, `  to ${dead.queue.url}`]);
  expect(await dead.bodies(dead.queue)).toEqual(letters.map(({ body }) => body).sort());
  expect((await dead.sqs.messages(dead.queue)).visible.map(({ messageAttributes }) => messageAttributes)).toEqual([{}, {}, {}]);
  expect(await dead.bodies(dead.queue.deadLetters)).toEqual([]);
  expect(stdout + stderr).not.toContain(CANARY);
});

test('redrive --sub moves one user, and gives the others back at once', async () => {
  await dead.put([deadLetter(ADA), deadLetter(BOB), unreadable()]);
  const { stdout } = await dead.run('redrive', ['--sub', ADA]);
  expect(stdout).toBe('Moved: 1. Could not be moved: 0. Left: 2.\n');
  expect(await dead.bodies(dead.queue)).toEqual([deadLetter(ADA).body]);
  expect(await dead.sqs.messages(dead.queue.deadLetters)).toMatchObject({ visible: { length: 2 }, inFlight: [] });
});

test('redrive --since leaves what died before', async () => {
  await dead.put([deadLetter(ADA)]);
  await sleep(50);
  const since = new Date().toISOString();
  await dead.put([deadLetter(BOB)]);
  await dead.run('redrive', ['--since', since]);
  expect(await dead.bodies(dead.queue)).toEqual([deadLetter(BOB).body]);
});

test('redrive --dry-run moves nothing, and shows what it would', async () => {
  await dead.put([deadLetter(ADA), deadLetter(BOB)]);
  const { exitCode, stdout } = await dead.run('redrive', ['--sub', BOB, '--dry-run']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(new RegExp(`${BOB}[^]*Would be moved: 1\\. Left: 1\\.`));
  expect(stdout).not.toContain(ADA);
  expect(await dead.sqs.messages(dead.queue.deadLetters)).toMatchObject({ visible: { length: 2 }, inFlight: [] });
  expect(await dead.bodies(dead.queue)).toEqual([]);
});

test('a user who comes straight back is not sent in circles', async () => {
  await dead.put([deadLetter(ADA)]);
  // A consumer that cannot write this user either, and is faster than anything on AWS.
  const other = await dead.sqs.queue(`other-${Date.now()}`);
  const { stdout } = await dead.run('redrive', ['--to', other.url], {
    onStart: async () => {
      while ((await dead.bodies(other)).length === 0) await sleep(2);
      await dead.put([deadLetter(ADA)]);
    },
  });
  expect(stdout).toBe('Moved: 1. Could not be moved: 0. Left: 0.\n');
  expect(await dead.bodies(other)).toHaveLength(1);
  expect(await dead.bodies(dead.queue.deadLetters)).toHaveLength(1);
});

test('several source queues are an error that names them, and --to chooses', async () => {
  await dead.put([deadLetter(ADA)]);
  const second = await dead.sqs.queue(`second-${Date.now()}`, { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.queue.deadLetters.arn, maxReceiveCount: 5 }) });
  const { exitCode, stderr } = await dead.run('redrive');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`--to ${dead.queue.url}\n`);
  expect(stderr).toContain(`--to ${second.url}\n`);
  expect(await dead.bodies(dead.queue.deadLetters)).toHaveLength(1);
  expect((await dead.run('redrive', ['--to', second.url])).exitCode).toBe(0);
  expect(await dead.bodies(second)).toEqual([deadLetter(ADA).body]);
});

test('no source queue is an error that asks for --to', async () => {
  const { exitCode, stderr } = await commandLine(['dead-letters', 'redrive', '--queue-url', dead.queue.url], { environment: local(dead.sqs.url) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/^error: got no queue whose redrive policy names .*--to/) });
});

test('a dead-letter queue is no destination for itself', async () => {
  const { exitCode, stderr } = await dead.run('redrive', ['--to', dead.queue.deadLetters.url]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('the dead-letter queue itself') });
});

test('what cannot be sent stays, and the exit code tells', async () => {
  await dead.put(Array.from({ length: 25 }, (_, index) => deadLetter(`${ADA}-${index}`)));
  await dead.sqs.behave({ refusal: { code: 'AccessDeniedException', message: 'User: arn:aws:iam::111122223333:user/eve is not authorized', actions: ['SendMessage'] } });
  const { exitCode, stdout, stderr } = await dead.run('redrive');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'Moved: 0. Could not be moved: 10. Left: 15.\n' });
  expect(stderr).toContain('10 could not be moved: not allowed to call sqs:SendMessage');
  expect(await dead.sqs.messages(dead.queue.deadLetters)).toMatchObject({ visible: { length: 25 }, inFlight: [] });
});

test('what is sent and not deleted is in both queues', async () => {
  await dead.put([deadLetter(ADA)]);
  await dead.sqs.behave({ refusal: { code: 'AccessDeniedException', actions: ['DeleteMessageBatch'] } });
  const { exitCode, stderr } = await dead.run('redrive');
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/1 could not be moved: sent, and now in both queues.*sqs:DeleteMessage/) });
  expect(await dead.bodies(dead.queue)).toEqual(await dead.bodies(dead.queue.deadLetters));
});

describe('500 messages', () => {
  const letters = Array.from({ length: 500 }, (_, index) => deadLetter(`${ADA}-${index}`));
  const bodies = letters.map(({ body }) => body).sort();

  beforeEach(async () => {
    await dead.put(letters);
    await dead.sqs.behave({ delayMs: 20 });
  });

  test('Ctrl-C while it looks gives everything back', async () => {
    const { exitCode, stderr } = await dead.run('redrive', [], {
      onStart: async (child) => {
        await until(async () => (await dead.sqs.messages(dead.queue.deadLetters)).inFlight.length >= 100);
        child.kill('SIGINT');
      },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: expect.stringContaining('All that was taken from the queue is back there') });
    expect(await dead.bodies(dead.queue)).toEqual([]);
    const { visible, inFlight } = await dead.sqs.messages(dead.queue.deadLetters);
    expect({ visible: visible.map(({ body }) => body).sort(), inFlight }).toEqual({ visible: bodies, inFlight: [] });
  });

  test('Ctrl-C while it moves leaves each message in one of the queues, visible', async () => {
    const { exitCode, stdout } = await dead.run('redrive', [], {
      onStart: async (child) => {
        await until(async () => (await dead.bodies(dead.queue)).length >= 100);
        child.kill('SIGINT');
      },
    });
    const moved = await dead.bodies(dead.queue);
    const { visible, inFlight } = await dead.sqs.messages(dead.queue.deadLetters);
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: `Moved: ${moved.length}. Could not be moved: 0. Left: ${visible.length}.\n` });
    expect(moved.length).toBeLessThan(500);
    expect([...moved, ...visible.map(({ body }) => body)].sort()).toEqual(bodies);
    expect(inFlight).toEqual([]);
  });

  test('killed while it sends, it loses none', async () => {
    const { exitCode } = await dead.run('redrive', [], {
      onStart: async (child) => {
        await until(async () => (await dead.bodies(dead.queue)).length >= 100);
        // From here on it tries again and again.
        await dead.sqs.behave({ refusal: { code: 'ServiceUnavailable', status: 503, actions: ['SendMessage'] } });
        await sleep(200);
        child.kill('SIGKILL');
      },
    });
    expect(exitCode).toBe('SIGKILL');
    expect([...await dead.bodies(dead.queue), ...await dead.bodies(dead.queue.deadLetters)].sort()).toEqual(bodies);
  });
});

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!await isSo()) await sleep(10);
}
