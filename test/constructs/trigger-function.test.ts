import * as fs from 'node:fs';
import { join } from 'node:path';
import { aws_lambda as lambda, aws_logs as logs } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { newStack, statementsOf, syncIn, triggerFunctionOf } from './stacks';

jest.mock('node:fs', () => ({ ...jest.requireActual('node:fs'), existsSync: jest.fn(jest.requireActual('node:fs').existsSync) }));

test('the function is the prebuilt one, on Lambda\'s newest Node.js', () => {
  const stack = newStack();
  syncIn(stack);
  expect(triggerFunctionOf(stack).Properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    Timeout: 5,
    MemorySize: 512,
    LoggingConfig: { LogFormat: 'JSON' },
  });
  expect(triggerFunctionOf(stack).Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  expect(triggerFunctionOf(stack).Properties).not.toHaveProperty('VpcConfig');
});

test('its memory may be chosen', () => {
  const stack = newStack();
  syncIn(stack, { memorySize: 256 });
  expect(triggerFunctionOf(stack).Properties.MemorySize).toBe(256);
});

test('its log group keeps lines for a month', () => {
  const stack = newStack();
  const { logGroup } = syncIn(stack);
  Template.fromStack(stack).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  expect(triggerFunctionOf(stack).Properties.LoggingConfig.LogGroup).toEqual(stack.resolve(logGroup.logGroupName));
});

test('it may log to a log group that is there', () => {
  const stack = newStack();
  const logGroup = new logs.LogGroup(stack, 'Mine');
  expect(syncIn(stack, { logGroup }).logGroup).toBe(logGroup);
  Template.fromStack(stack).resourceCountIs('AWS::Logs::LogGroup', 1);
  expect(triggerFunctionOf(stack).Properties.LoggingConfig.LogGroup).toEqual(stack.resolve(logGroup.logGroupName));
});

test('outside a VPC it may write its log, send to the queue and read its secret, and nothing else', () => {
  const stack = newStack();
  const { logGroup } = syncIn(stack);
  expect(statementsOf(stack)).toEqual([
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(logGroup.logGroupArn) },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UserSyncQueue/), 'Arn'] } },
    { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/^Secret/) } },
  ]);
});

test('its role has no managed policies', () => {
  const stack = newStack();
  syncIn(stack);
  for (const role of Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'))) {
    expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  }
});

test('it is there for the app to build alarms on', () => {
  const stack = newStack();
  const { triggerFunction } = syncIn(stack);
  expect(stack.resolve(triggerFunction.metricErrors({ label: 'Errors' }).dimensions)).toEqual({ FunctionName: { Ref: expect.stringMatching(/^UserSyncTriggerFunction/) } });
  expect(triggerFunction).toBeInstanceOf(lambda.Function);
});

test('fails where the package was not built', () => {
  jest.mocked(fs.existsSync).mockImplementation((path) => !String(path).endsWith(join('assets', 'trigger', 'index.js')));
  expect(() => syncIn(newStack())).toThrow(/^App\/UserSync: got no prebuilt function in .*assets.trigger, which the package brings along: install cognito-user-sync again, or run npm run bundle in its own repository$/);
});
