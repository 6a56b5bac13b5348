import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, local } from './command-line';
import { ADA, deadLetter, useDeadLetters } from './dead-letters';
import { startHttpServer } from '../support/http-server';

const dead = useDeadLetters();

const URL_OF_SQS = 'https://sqs.eu-central-1.amazonaws.com/111122223333/user-sync-dead-letters';

test('--version is the package\'s', async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect(await commandLine(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([[], ['dead-letters'], ['dead-letters', 'list'], ['dead-letters', 'redrive'], ['dead-letters', 'drop']])('--help is there: %j', async (...command) => {
  const { exitCode, stdout, stderr } = await commandLine([...command, '--help']);
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: expect.stringContaining(`Usage: ${['cognito-user-sync', ...command].join(' ')} `), stderr: '' });
});

test.each([
  { args: [], says: /Usage: cognito-user-sync/ },
  { args: ['dead-letter'], says: /unknown command 'dead-letter'[^]*dead-letters/ },
  { args: ['dead-letters'], says: /list.*\n[^]*redrive.*\n[^]*drop/ },
  { args: ['dead-letters', 'purge'], says: /unknown command 'purge'/ },
  { args: ['dead-letters', 'list'], says: /--queue-url/ },
  { args: ['dead-letters', 'list', '--queue-url', 'arn:aws:sqs:eu-west-1:111122223333:q'], says: /Expected https:\/\/sqs/ },
  { args: ['dead-letters', 'list', '--queue-url', URL_OF_SQS, '--since', 'yesterday'], says: /Expected 30m, 2h or 3d/ },
  { args: ['dead-letters', 'list', '--queue-url', URL_OF_SQS, '--since', '2026-13-41'], says: /Expected 30m, 2h or 3d/ },
  { args: ['dead-letters', 'list', '--queue-url', URL_OF_SQS, '--since', '2999-01-01'], says: /yet to come/ },
  { args: ['dead-letters', 'list', '--queue-url', URL_OF_SQS, '--to', URL_OF_SQS], says: /unknown option '--to'/ },
  { args: ['dead-letters', 'redrive', '--queue-url', URL_OF_SQS, 'extra'], says: /too many arguments/ },
])('wrong arguments end with 2: $args', async ({ args, says }) => {
  expect(await commandLine(args)).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
});

test.each([
  URL_OF_SQS,
  'https://sqs-fips.eu-central-1.amazonaws.com/111122223333/q',
  'https://eu-central-1.queue.amazonaws.com/111122223333/q',
  'https://vpce-0a1b-c2d3.sqs.eu-central-1.vpce.amazonaws.com/111122223333/q',
])('the Region is the one in the queue\'s URL: %s', async (url) => {
  const asked: (string | undefined)[] = [];
  const server = await startHttpServer(async ({ headers }) => {
    asked.push(headers.authorization);
    return { status: 400, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify({ __type: 'com.amazonaws.sqs#QueueDoesNotExist' }) };
  });
  try {
    for (const environment of [local(server.url), { ...local(server.url), AWS_REGION: '' }]) {
      expect(await commandLine(['dead-letters', 'list', '--queue-url', url], { environment })).toMatchObject({ exitCode: 2 });
    }
  } finally {
    await server.stop();
  }
  expect(asked).toEqual([expect.stringContaining('/eu-central-1/sqs/'), expect.stringContaining('/eu-central-1/sqs/')]);
});

test.each([
  { code: 'AccessDenied', says: /not allowed to call sqs:GetQueueAttributes.*ReceiveMessage, ChangeMessageVisibility, DeleteMessage and ListDeadLetterSourceQueues, on the destination sqs:SendMessage/ },
  { code: 'AccessDeniedException', says: /not allowed to call/ },
  { code: 'ExpiredToken', says: /expired: log in again/ },
  { code: 'InvalidClientTokenId', says: /does not accept the credentials/ },
  { code: 'KMS.AccessDeniedException', says: /kms:Decrypt/ },
  { code: 'SomethingNew', says: /got SomethingNew \(400\) from SQS for GetQueueAttributes/ },
])('what AWS refuses with $code is told in words, without a stack trace', async ({ code, says }) => {
  await dead.sqs.behave({ refusal: { code, message: 'User: arn:aws:iam::111122223333:user/eve' } });
  const { exitCode, stdout, stderr } = await dead.run('list');
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('a queue that does not exist is named', async () => {
  const url = `${dead.queue.deadLetters.url}-typo`;
  const { exitCode, stderr } = await commandLine(['dead-letters', 'list', '--queue-url', url], { environment: local(dead.sqs.url) });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(`there is no queue ${url}`) });
});

test('without credentials it says how to get some', async () => {
  const { exitCode, stderr } = await commandLine(['dead-letters', 'list', '--queue-url', URL_OF_SQS]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/^error: got no AWS credentials .*AWS_PROFILE.*aws sso login/) });
});

test('an SQS that cannot be reached is named', async () => {
  const { exitCode, stderr } = await dead.run('list', [], { environment: { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/could not be reached.*ECONNREFUSED/) });
});

test('throttling is waited out', async () => {
  await dead.put([deadLetter(ADA)]);
  await dead.sqs.behave({ refusal: { code: 'ThrottlingException' } });
  const { exitCode, stdout } = await dead.run('list', ['--json'], {
    onStart: async () => {
      await sleep(700);
      await dead.sqs.behave();
    },
  });
  expect({ exitCode, seen: JSON.parse(stdout).seen }).toEqual({ exitCode: 0, seen: 1 });
});

test('a queue that cannot be received from to the end is given back what came', async () => {
  await dead.put(Array.from({ length: 300 }, (_, index) => deadLetter(`${ADA}-${index}`)));
  await dead.sqs.behave({ delayMs: 30 });
  const { exitCode } = await dead.run('list', [], {
    onStart: async () => {
      while ((await dead.sqs.messages(dead.queue.deadLetters)).inFlight.length < 80) await sleep(5);
      await dead.sqs.behave({ refusal: { code: 'OverLimit', actions: ['ReceiveMessage'] } });
    },
  });
  expect(exitCode).toBe(2);
  expect(await dead.sqs.messages(dead.queue.deadLetters)).toMatchObject({ visible: { length: 300 }, inFlight: [] });
});
