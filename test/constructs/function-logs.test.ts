import { aws_kms as kms, aws_logs as logs } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { newStack, syncIn } from './stacks';

test('the log lines are encrypted with a key of the user\'s own, which CloudWatch Logs may use for them alone', () => {
  const stack = newStack();
  syncIn(stack, { logEncryptionKey: new kms.Key(stack, 'Key') });
  const template = Template.fromStack(stack);
  const [logGroup] = Object.values(template.findResources('AWS::Logs::LogGroup'));
  const [key] = Object.values(template.findResources('AWS::KMS::Key'));
  const [, statement] = key.Properties.KeyPolicy.Statement;

  expect(logGroup.Properties).toMatchObject({ KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] }, LogGroupName: expect.stringMatching(/^\/cognito-user-sync\/App-UserSync-/) });
  expect(statement).toMatchObject({
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:logs:eu-west-1:111122223333:log-group:${logGroup.Properties.LogGroupName}`]] } } },
  });
});

test('all functions log there', () => {
  const stack = newStack();
  syncIn(stack, { logEncryptionKey: new kms.Key(stack, 'Key') });
  const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  const [name, ...others] = new Set(functions.map(({ Properties }) => JSON.stringify(Properties.LoggingConfig.LogGroup)));
  expect([name, others]).toEqual([expect.stringContaining('UserSyncLogGroup'), []]);
});

test('fails on a key beside a log group', () => {
  const stack = newStack();
  expect(() => syncIn(stack, { logGroup: new logs.LogGroup(stack, 'Logs'), logEncryptionKey: new kms.Key(stack, 'Key') }))
    .toThrow('App/UserSync: got logGroup and logEncryptionKey, expected one of them: set the key on the log group itself');
});
