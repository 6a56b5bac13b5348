import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { Cleanup } from '../../demo/cleanup';
import type { Fault } from '../../faults/fault';
import { KINDS } from '../../faults/kinds';
import { runFaults } from '../../faults/run';
import type { HttpStore, StoreKind } from '../../faults/store';
import { answers } from '../support/user-service-misbehaviour';

const ROOT = join(__dirname, '..', '..');
const faults = (...args: string[]) => promisify(execFile)(process.execPath, [require.resolve('tsx/cli'), 'faults/faults.ts', ...args], { cwd: ROOT });

test('a few faults: nobody is lost, and the last line is the contract\'s JSON', async () => {
  const { stdout } = await faults('--json', '--only', 'connection refused', '--only', 'unique violation', '--only', 'killed before');
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toEqual({
    faults: [
      { name: 'connection refused', signUpMs: expect.any(Number), ended: 'queue', lost: 0, duplicates: 0 },
      { name: 'unique violation on a second key', signUpMs: expect.any(Number), ended: 'queue', lost: 0, duplicates: 0 },
      { name: 'killed before either write', signUpMs: null, ended: 'unrecorded', lost: 0, duplicates: 0 },
    ],
  });
}, 60_000);

test.each([
  ['dynamodb', ['access denied', 'items are full']],
  ['service', ['redirected to another host', 'name that the service refuses']],
])('where rows live in %s: the same promises, the same words', async (store, [misconfigured, refused]) => {
  const { stdout } = await faults('--json', '--store', store, '--only', misconfigured, '--only', refused);
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toEqual({
    faults: [
      { name: misconfigured, signUpMs: expect.any(Number), ended: 'queue', lost: 0, duplicates: 0 },
      { name: refused, signUpMs: expect.any(Number), ended: 'queue', lost: 0, duplicates: 0 },
    ],
  });
}, 60_000);

test.each(Object.entries(KINDS))('%s has a dozen faults and more, each of them with a name of its own', (_store, { faults: all }) => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(40);
});

test('for people: a table, and the count in the last line', async () => {
  const { stdout } = await faults('--only', 'SQS denying access');
  expect(stdout).toMatch(/^✓ SQS denying access +\d+ ms +table +0 +0$/m);
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed$/);
}, 60_000);

test.each([[['--store', 'mysql']], [['--only', 'no such fault']], [['--wrong']]])('%j is a mistake of whoever typed it: exit code 2', async (args) => {
  await expect(faults(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^faults: /m) });
});

describe('a broken promise is told', () => {
  /** Sends everybody to the queue. */
  const refusing: Pick<Fault, 'arrange' | 'lift'> = {
    arrange: async ({ proxy }) => { await proxy.refuse(); proxy.cut(); },
    lift: ({ proxy }) => proxy.restore(),
  };

  async function verdictOf(fault: Fault<HttpStore>, kind: StoreKind = KINDS.postgres) {
    const cleanup = new Cleanup();
    try {
      const [verdict] = await runFaults(kind, [fault], cleanup, () => {});
      return verdict;
    } finally {
      await cleanup.run();
    }
  }

  test('users who vanish from the queue are lost', async () => {
    const { result, broken } = await verdictOf({
      ...refusing,
      name: 'purged',
      async lift({ proxy, sqs, queue }) {
        await sqs.client.send(new PurgeQueueCommand({ QueueUrl: queue.url }));
        await proxy.restore();
      },
    });
    expect(result).toMatchObject({ ended: 'queue', lost: 3, duplicates: 0 });
    expect(broken).toEqual(['3 users are lost']);
  }, 60_000);

  test('users of whom a service said that it has them, and has not', async () => {
    const { result, broken } = await verdictOf({
      name: 'lying',
      arrange: async ({ store }) => store.misbehave(answers(200, { 'content-type': 'application/json' }, '{}')),
      lift: async ({ store }) => store.misbehave(),
    }, KINDS.service);
    expect(result).toMatchObject({ ended: 'unrecorded', lost: 3, duplicates: 0 });
    expect(broken).toContain('3 users are lost');
  }, 60_000);

  test('an answer that comes too late', async () => {
    let isFirst = true;
    const { broken } = await verdictOf({
      ...refusing,
      name: 'late',
      async whileSigningUp(_site, { trigger }) {
        if (!isFirst) return;
        isFirst = false;
        trigger.kill('SIGSTOP');
        await sleep(4_600);
        trigger.kill('SIGCONT');
      },
    });
    expect(broken).toContainEqual(expect.stringMatching(/^an answer took (4[6-9]|[5-9]\d)\d\d ms, expected 4500 at most$/));
  }, 60_000);

  test('a user who is unrecorded although the queue was there, and a value beside a message\'s body', async () => {
    const { result, broken } = await verdictOf({
      ...refusing,
      name: 'leaking',
      arrange: (site) => Promise.all([refusing.arrange(site), site.sqs.behave({ refusal: { code: 'AccessDeniedException', actions: ['SendMessage'] } })]),
      async whileSigningUp({ sqs, queue, directory }, { sub }) {
        await sqs.behave();
        const MessageAttributes = { reason: { DataType: 'String', StringValue: directory.user(sub)!.attributes.name } };
        await sqs.client.send(new SendMessageCommand({ QueueUrl: queue.deadLetters.url, MessageBody: '{}', MessageAttributes }));
        await sqs.behave({ refusal: { code: 'AccessDeniedException', actions: ['SendMessage'] } });
      },
      lift: (site) => Promise.all([refusing.lift(site), site.sqs.behave()]),
    });
    expect(result).toMatchObject({ ended: 'unrecorded' });
    expect(broken).toEqual(expect.arrayContaining([
      'a user was unrecorded, and the table or the queue could have taken them',
      "the user's name stands in message attributes",
      '3 users were in the dead letters during the fault, expected 0',
    ]));
  }, 60_000);
});
