import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { run, usePackedPackage } from './packed-package';
import { queueMessage } from '../../lambda-src/sources/queue-message';
import { startSqs } from '../support/sqs';

const packed = usePackedPackage();

const windows = process.platform === 'win32';

let project: string;

beforeAll(async () => {
  project = join(packed.project, 'of-an-operator');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'of-an-operator', private: true }));
  // By npm itself, which makes the command and lets everybody run it; without the CDK, which only the construct needs.
  await run('npm', ['install', '--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', packed.tarball], { cwd: project, shell: windows });
}, 60_000);

test('npx cognito-user-sync is the package\'s own command', async () => {
  const { version } = JSON.parse(readFileSync(join(project, 'node_modules/cognito-user-sync/package.json'), 'utf8'));
  expect(await npx(['--version'])).toBe(`${version}\n`);
});

test('npx cognito-user-sync dead-letters list needs no other package', async () => {
  const sqs = await startSqs();
  try {
    const { deadLetters } = await sqs.queueWithDeadLetters();
    const message = { userPoolId: 'eu-west-1_AbCdEfGhI', sub: '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10', observedAt: new Date() };
    await sqs.client.send(new SendMessageCommand({ QueueUrl: deadLetters.url, MessageBody: queueMessage(message) }));
    const stdout = await npx(['dead-letters', 'list', '--queue-url', deadLetters.url, '--json'], { AWS_ENDPOINT_URL_SQS: sqs.url });
    expect(JSON.parse(stdout)).toMatchObject({ seen: 1, deadLetters: [{ sub: '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10' }] });
  } finally {
    await sqs.stop();
  }
});

async function npx(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'eu-west-1' };
  const { stdout } = await run('npx', ['--offline', 'cognito-user-sync', ...args], { cwd: project, shell: windows, env: { ...process.env, ...credentials, ...environment } });
  return stdout;
}
