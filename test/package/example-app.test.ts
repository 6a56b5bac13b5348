import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, usePackedPackage } from './packed-package';
import { useDatabase } from '../support/database';
import { confirmedSignUp } from '../support/events';
import { startLambdaFunction } from '../support/lambda-function';
import { startSecretsManager } from '../support/secrets-manager';

const packed = usePackedPackage('aws-cdk-lib', 'constructs');
const database = useDatabase();

/** What other constructs call for to build a function. */
const BUILDERS = ['docker', 'finch', 'esbuild', 'npm', 'npx', 'yarn', 'pnpm', 'bun'];

let used: () => string;
let assembly: string;

beforeAll(async () => {
  const path = join(packed.project, 'path');
  mkdirSync(path);
  symlinkSync(process.execPath, join(path, 'node'));
  const usedBuilders = join(packed.project, 'used');
  for (const builder of BUILDERS) {
    writeFileSync(join(path, builder), `#!/bin/sh\necho ${builder} >> ${usedBuilders}\nexit 1\n`);
    chmodSync(join(path, builder), 0o755);
  }
  used = () => (existsSync(usedBuilders) ? readFileSync(usedBuilders, 'utf8') : '');
  copyFileSync(join(__dirname, 'example-app.js'), join(packed.project, 'app.js'));
  await run(process.execPath, [join(__dirname, '../../node_modules/aws-cdk/bin/cdk'), 'synth', '--quiet', '--app', 'node app.js'], {
    cwd: packed.project,
    env: { PATH: path, HOME: packed.project, NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'no-network.js'))}` },
  });
  assembly = join(packed.project, 'cdk.out');
}, 120_000);

test('cdk synth takes no Docker, no bundler and no network', () => {
  expect(existsSync(join(assembly, 'ExampleStack.template.json'))).toBe(true);
  expect(used()).toBe('');
});

test('what cdk synth would deploy writes the row of a confirmed user', async () => {
  const { Properties: { Code, Environment, Handler, Runtime } } = triggerFunction();
  expect({ Handler, Runtime }).toEqual({ Handler: 'index.handler', Runtime: 'nodejs24.x' });
  const { files } = JSON.parse(readFileSync(join(assembly, 'ExampleStack.assets.json'), 'utf8'));
  const { source } = files[Code.S3Key.replace('.zip', '')];

  const secrets = await startSecretsManager();
  secrets.putSecret('arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf', database.connectionString());
  const deployed = await startLambdaFunction({
    folder: join(assembly, source.path),
    environment: { ...deployedVariables(Environment.Variables), AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url },
  });
  try {
    const event = confirmedSignUp({ sub: '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10', email: 'ada@example.com', name: 'Ada' });
    const { payload, functionError } = await deployed.invoke(event);
    expect({ payload, functionError }).toEqual({ payload: event, functionError: undefined });
    expect(await database.rows('select * from users')).toEqual([
      { cognito_user_id: '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10', email: 'ada@example.com', display_name: 'Ada', handle: null },
    ]);
  } finally {
    await deployed.stop();
    await secrets.stop();
  }
});

function triggerFunction() {
  const { Resources } = JSON.parse(readFileSync(join(assembly, 'ExampleStack.template.json'), 'utf8'));
  const functions = Object.entries<any>(Resources).filter(([id, { Type }]) => Type === 'AWS::Lambda::Function' && id.startsWith('UserSyncTriggerFunction'));
  expect(functions).toHaveLength(1);
  return functions[0][1];
}

/** What CloudFormation would put in: the queue's URL is the only thing that is not known before. */
function deployedVariables(variables: Record<string, any>): Record<string, string> {
  const valueOf = (part: any): string => {
    if (typeof part === 'string') return part;
    if (part['Fn::Join']) return part['Fn::Join'][1].map(valueOf).join(part['Fn::Join'][0]);
    expect(part.Ref).toMatch(/^UserSyncQueue/);
    return 'https://sqs.eu-west-1.amazonaws.com/111122223333/queue';
  };
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, valueOf(value)]));
}
