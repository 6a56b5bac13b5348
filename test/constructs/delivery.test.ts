import { Template } from 'aws-cdk-lib/assertions';
import { iamProps, instanceIn, newStack, planOf, statementsOf, syncIn, triggerFunctionOf } from './stacks';
import { Delivery, UserDatabase, type CognitoUserSyncProps } from '../../src';

const QUEUE_URL = expect.stringMatching(/^<UserSyncQueue[0-9A-F]{8}>$/);

function inVpc(props: Partial<CognitoUserSyncProps> = {}) {
  const stack = newStack();
  const sync = syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps), ...props });
  return { stack, sync };
}

test('the trigger function writes inline, and knows the queue', () => {
  const plan = planOf(inVpc().stack);
  expect(plan).toMatchObject({ database: { kind: 'postgres' }, queue: { url: QUEUE_URL }, delivery: { mode: 'inline', failSignUp: false } });
  expect(planOf(inVpc({ delivery: Delivery.inline() }).stack)).toEqual(plan);
});

test('queued, the trigger function knows the queue and no database', () => {
  expect(planOf(inVpc({ delivery: Delivery.queued() }).stack)).toEqual({
    columns: { cognito_user_id: 'sub', email: 'email' },
    queue: { url: QUEUE_URL },
    delivery: { mode: 'queued', failSignUp: false },
  });
});

test('queued, the trigger function is in no VPC, and may write its log and send to the queue, nothing else', () => {
  const { stack, sync } = inVpc({ delivery: Delivery.queued() });
  expect(triggerFunctionOf(stack).Properties).not.toHaveProperty('VpcConfig');
  expect(statementsOf(stack)).toEqual([
    { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(sync.logGroup.logGroupArn) },
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: stack.resolve(sync.queue.queueArn) },
  ]);
});

test.each(['inline', 'queued'] as const)('%s, sign-up may be told to fail where nobody takes the user', (mode) => {
  expect(planOf(inVpc({ delivery: Delivery[mode]({ failSignUp: true }) }).stack).delivery).toEqual({ mode, failSignUp: true });
});

describe('the queues', () => {
  const { stack, sync } = inVpc();
  const template = Template.fromStack(stack);
  const [queue, deadLetterQueue] = [sync.queue, sync.deadLetterQueue].map(({ node }) => {
    const id = stack.getLogicalId(node.defaultChild as never);
    return { id, ...template.toJSON().Resources[id].Properties };
  });

  test('keep waiting users for 4 days, and dead letters for 14', () => {
    expect(queue.MessageRetentionPeriod).toBe(4 * 24 * 3600);
    expect(deadLetterQueue.MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  test('hide a message for six times as long as the consumer may run', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Timeout: 60 });
    expect(queue.VisibilityTimeout).toBe(6 * 60);
  });

  test('send nothing to the dead letters by counting that an outage of 4 days could reach', () => {
    expect(queue.RedrivePolicy).toEqual({ deadLetterTargetArn: { 'Fn::GetAtt': [deadLetterQueue.id, 'Arn'] }, maxReceiveCount: 1000 });
    expect(deadLetterQueue).not.toHaveProperty('RedrivePolicy');
  });

  test('are standard queues', () => {
    for (const each of [queue, deadLetterQueue]) expect(each).not.toHaveProperty('FifoQueue');
  });

  test.each(['queue', 'dead-letter queue'])('the %s is encrypted, and takes no call without TLS', (which) => {
    const each = which === 'queue' ? queue : deadLetterQueue;
    expect(each.SqsManagedSseEnabled).toBe(true);
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: each.id }],
      PolicyDocument: { Statement: [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } }, Resource: { 'Fn::GetAtt': [each.id, 'Arn'] } }] },
    });
  });
});
