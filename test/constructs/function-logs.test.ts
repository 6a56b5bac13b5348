import { aws_kms as kms, aws_logs as logs, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { newStack, syncIn } from './stacks';

test('the log lines are encrypted with a key of the user\'s own, which CloudWatch Logs may use for log groups of this account and Region', () => {
  const stack = newStack();
  syncIn(stack, { logEncryptionKey: new kms.Key(stack, 'Key') });
  const template = Template.fromStack(stack);
  const [logGroup] = Object.values(template.findResources('AWS::Logs::LogGroup'));
  const [key] = Object.values(template.findResources('AWS::KMS::Key'));
  const [, statement] = key.Properties.KeyPolicy.Statement;

  // A name of one's own would be taken when the stack is created once more: the log group stays.
  expect(logGroup).toMatchObject({ Properties: { KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] } }, DeletionPolicy: 'Retain' });
  expect(logGroup.Properties).not.toHaveProperty('LogGroupName');
  expect(statement).toMatchObject({
    Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':logs:eu-west-1:111122223333:log-group:*']] } } },
  });
});

test('of a key whose policy cannot be changed here, a warning says what it must allow', () => {
  const warnings = (key: (stack: Stack) => kms.IKey) => {
    const stack = newStack();
    syncIn(stack, { logEncryptionKey: key(stack) });
    return Annotations.fromStack(stack).findWarning('/App/UserSync', Match.anyValue()).map(({ entry }) => entry.data);
  };
  expect(warnings((stack) => kms.Key.fromKeyArn(stack, 'Imported', 'arn:aws:kms:eu-west-1:111122223333:key/0b5f6c9e'))).toEqual([expect.stringMatching(
    /^the policy of App\/Imported is not this app's to change.* allows kms:Encrypt, .* to logs\.<region>\.amazonaws\.com, where kms:EncryptionContext:aws:logs:arn is like arn:<partition>:logs:<region>:<account>:log-group:\*.*\[ack: cognito-user-sync:logEncryptionKey\]/,
  )]);
  expect(warnings((stack) => new kms.Key(stack, 'Key'))).toEqual([]);
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
