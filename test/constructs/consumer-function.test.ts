import { CfnParameter, aws_iam as iam } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { reaches } from './resource-cycles';
import { functionOf, iamProps, instanceIn, IRELAND, newApp, newStack, planOf, statementsOf, syncIn, userPoolIn } from './stacks';
import { UserDatabase } from '../../src';

const oneStack = () => {
  const stack = newStack();
  const userPool = userPoolIn(stack);
  return { stack, userPool, sync: syncIn(stack, { userPool }) };
};

test('the consumer is prebuilt, too, and may take a minute', () => {
  const { stack, sync } = oneStack();
  expect(functionOf(stack, 'Consumer').Properties).toMatchObject({
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    Handler: 'index.handler',
    Timeout: 60,
    MemorySize: 512,
    LoggingConfig: { LogFormat: 'JSON', LogGroup: stack.resolve(sync.logGroup.logGroupName) },
  });
  expect(functionOf(stack, 'Consumer').Properties.Code).not.toEqual(functionOf(stack, 'Trigger').Properties.Code);
});

test('it is given up to 1,000 messages at once, and answers for each of them', () => {
  const { stack, sync } = oneStack();
  const mappings = Template.fromStack(stack).findResources('AWS::Lambda::EventSourceMapping');
  expect(Object.values(mappings).map(({ Properties }) => Properties)).toEqual([{
    EventSourceArn: stack.resolve(sync.queue.queueArn),
    FunctionName: stack.resolve(sync.consumerFunction.functionName),
    BatchSize: 1000,
    MaximumBatchingWindowInSeconds: 1,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  }]);
});

test('it is capped where the queue is read, so that no message is thrown back; the trigger never is', () => {
  const { stack } = oneStack();
  for (const name of ['Trigger', 'Consumer'] as const) expect(functionOf(stack, name).Properties).not.toHaveProperty('ReservedConcurrentExecutions');
});

test.each([2, 1000])('%p of it may run at the same time', (consumerConcurrency) => {
  const stack = newStack();
  syncIn(stack, { consumerConcurrency });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: consumerConcurrency } });
});

test('however many of it run, they read Cognito no faster than two', () => {
  const stack = newStack();
  syncIn(stack, { consumerConcurrency: 40 });
  expect(planOf(stack, 'Consumer').consumer?.readsPerSecond).toBe(0.5);
});

test('how many of it may run can be known at deployment only', () => {
  const stack = newStack();
  syncIn(stack, { consumerConcurrency: new CfnParameter(stack, 'Most', { type: 'Number' }).valueAsNumber });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::EventSourceMapping', { ScalingConfig: { MaximumConcurrency: { Ref: 'Most' } } });
  expect(planOf(stack, 'Consumer').consumer).not.toHaveProperty('readsPerSecond');
});

test.each([1, 0, -2, 1001, 2.5, Number.NaN])('fails on %p of it', (consumerConcurrency) => {
  expect(() => syncIn(newStack(), { consumerConcurrency })).toThrow(`App/UserSync: got consumerConcurrency ${consumerConcurrency}, expected a whole number from 2 to 1,000`);
});

test('it knows the queues, the only pool, and whose messages it believes', () => {
  const { stack } = oneStack();
  expect(planOf(stack, 'Consumer')).toEqual({
    columns: { cognito_user_id: 'sub', email: 'email' },
    database: { kind: 'postgres', table: 'users', login: { secretArn: expect.stringMatching(/^<Secret/) } },
    queue: { url: expect.stringMatching(/^<UserSyncQueue[0-9A-F]{8}>$/) },
    consumer: {
      deadLetterQueueUrl: expect.stringMatching(/^<UserSyncDeadLetterQueue[0-9A-F]{8}>$/),
      userPoolId: expect.stringMatching(/^<UserPool[0-9A-F]{8}>$/),
      trustedSender: expect.stringMatching(/^<UserSyncTriggerRole[0-9A-F]{8}\.RoleId>$/),
      readsPerSecond: 10,
    },
  });
});

test('outside a VPC it may read and write these queues, its secret, its log and this pool, and nothing else', () => {
  const { stack, userPool, sync } = oneStack();
  const statements = [
    { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: stack.resolve(sync.logGroup.logGroupArn) },
    { Action: ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'], Resource: stack.resolve(sync.queue.queueArn) },
    { Action: 'sqs:SendMessage', Resource: stack.resolve(sync.deadLetterQueue.queueArn) },
    { Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/^Secret/) } },
    { Action: ['cognito-idp:AdminGetUser', 'cognito-idp:ListUsers'], Resource: stack.resolve(userPool.userPoolArn) },
  ];
  const got = statementsOf(stack, 'Consumer');
  expect(got).toHaveLength(statements.length);
  for (const statement of statements) expect(got).toContainEqual({ Effect: 'Allow', ...statement });
});

test('inside a VPC it may log in to the database besides', () => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps) });
  expect(statementsOf(stack, 'Consumer')).toContainEqual({ Effect: 'Allow', Action: 'rds-db:connect', Resource: expect.anything() });
  expect(functionOf(stack, 'Consumer').Properties.VpcConfig).toEqual(functionOf(stack, 'Trigger').Properties.VpcConfig);
});

test('the trigger depends neither on the consumer nor on the pool, which depends on the trigger', () => {
  const { stack, userPool, sync } = oneStack();
  const [trigger, consumer, pool] = [sync.triggerFunction, sync.consumerFunction, userPool].map(({ node }) => stack.getLogicalId(node.defaultChild as never));
  expect(reaches(stack, pool, trigger)).toBe(true);
  expect(reaches(stack, consumer, pool)).toBe(true);
  expect(reaches(stack, trigger, consumer)).toBe(false);
  expect(reaches(stack, trigger, pool)).toBe(false);
});

test('with the pool in another stack the consumer does not name it, and the pool\'s stack lets it read users', () => {
  const auth = newStack('Auth');
  const data = newStack('Data', undefined, auth.node.root as never);
  const userPool = userPoolIn(auth);
  syncIn(data, { userPool });
  expect(planOf(data, 'Consumer').consumer).not.toHaveProperty('userPoolId');
  expect(JSON.stringify(statementsOf(data, 'Consumer'))).not.toContain('cognito-idp');
  const [policy] = Object.values(Template.fromStack(auth).findResources('AWS::IAM::Policy'));
  expect(policy.Properties.Roles).toEqual([{ 'Fn::ImportValue': expect.stringMatching(/^Data:ExportsOutputRefUserSyncConsumerRole/) }]);
  expect(policy.Properties.PolicyDocument.Statement).toEqual([{ Effect: 'Allow', Action: ['cognito-idp:AdminGetUser', 'cognito-idp:ListUsers'], Resource: auth.resolve(userPool.userPoolArn) }]);
});

test('a role that was made beforehand does not tell its id, and everybody\'s snapshots are believed then', () => {
  const app = newApp();
  const stack = newStack('App', IRELAND, app);
  iam.Role.customizeRoles(stack, { usePrecreatedRoles: { 'App/UserSync/TriggerRole': 'trigger', 'App/UserSync/ConsumerRole': 'consumer' } });
  syncIn(stack);
  const plans = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(({ Properties }) => JSON.stringify(Properties.Environment ?? ''));
  expect(plans.filter((plan) => plan.includes('readsPerSecond'))).toHaveLength(1);
  expect(plans.filter((plan) => plan.includes('trustedSender'))).toEqual([]);
});
