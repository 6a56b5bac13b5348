import { aws_cognito as cognito, aws_iam as iam, aws_ssm as ssm, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { wildcards } from './policies';
import { reaches, resourceCycles } from './resource-cycles';
import { columns, functionOf, iamProps, instanceIn, IRELAND, newApp, newStack, planOf, secretIn, statementsOf, syncIn, userPoolIn, type FunctionName } from './stacks';
import { CognitoUserSync, DeployCheck, TriggerAttachment, UserDatabase, type CognitoUserSyncProps } from '../../src';

const POOL_ID = 'eu-west-1_AbCdEfGhI';

const byResource: Partial<CognitoUserSyncProps> = { attach: TriggerAttachment.customResource() };

function importedPoolIn(stack: Stack): cognito.IUserPool {
  return cognito.UserPool.fromUserPoolId(stack, 'Imported', POOL_ID);
}

const smsPoolIn = (stack: Stack) => new cognito.UserPool(stack, 'UserPool', { mfa: cognito.Mfa.REQUIRED, mfaSecondFactor: { sms: true, otp: false } });

const idOf = (stack: Stack, type: string, props?: object) => {
  const found = Object.keys(Template.fromStack(stack).findResources(type, props));
  if (found.length !== 1) throw new Error(`got ${found.length} of ${type}, expected one`);
  return found[0];
};

const attachmentIn = (stack: Stack) => idOf(stack, 'Custom::CognitoUserSyncTrigger');
const propertiesOf = (stack: Stack) => Template.fromStack(stack).toJSON().Resources[attachmentIn(stack)].Properties;
const functionIdOf = (stack: Stack, name: FunctionName) => idOf(stack, 'AWS::Lambda::Function', { Properties: { Role: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^UserSync${name}Role`), 'Arn'] } } });

describe('an imported pool', () => {
  const stack = newStack();
  syncIn(stack, { ...byResource, userPool: importedPoolIn(stack) });
  const template = Template.fromStack(stack);
  const arn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:cognito-idp:eu-west-1:111122223333:userpool/${POOL_ID}`]] };
  const triggerArn = { 'Fn::GetAtt': [functionIdOf(stack, 'Trigger'), 'Arn'] };

  test('gets the trigger from a function', () => {
    expect(propertiesOf(stack)).toEqual({ ServiceToken: { 'Fn::GetAtt': [functionIdOf(stack, 'Attachment'), 'Arn'] }, ServiceTimeout: '900', UserPoolId: POOL_ID, FunctionArn: triggerArn });
  });

  test('may call the trigger function, and nobody else may', () => {
    const permissions = Object.values(template.findResources('AWS::Lambda::Permission', { Properties: { FunctionName: triggerArn } }));
    expect(permissions.map(({ Properties }) => Properties)).toEqual([
      { Action: 'lambda:InvokeFunction', FunctionName: triggerArn, Principal: 'cognito-idp.amazonaws.com', SourceArn: arn, SourceAccount: '111122223333' },
    ]);
  });

  test('may be changed by that function, which may ask for its own stack and who calls the trigger, and nothing else', () => {
    expect(statementsOf(stack, 'Attachment')).toEqual([
      { Effect: 'Allow', Action: ['cognito-idp:DescribeUserPool', 'cognito-idp:UpdateUserPool'], Resource: arn },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: expect.anything() },
      { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: { Ref: 'AWS::StackId' } },
      { Effect: 'Allow', Action: 'lambda:GetPolicy', Resource: triggerArn },
    ]);
  });

  test('is the only one whose users the consumer writes', () => {
    expect(planOf(stack, 'Consumer').consumer!.userPoolId).toBe(POOL_ID);
    expect(statementsOf(stack, 'Consumer')).toContainEqual({ Effect: 'Allow', Action: ['cognito-idp:AdminGetUser', 'cognito-idp:ListUsers'], Resource: arn });
  });

  test('is changed after everything that sign-up needs, and before any of it is taken away', () => {
    const policies = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: { Ref: string }) => /^UserSync(Trigger|Attachment)Role/.test(Ref)));
    expect(policies).toHaveLength(3);
    const needed = [idOf(stack, 'AWS::Lambda::Permission', { Properties: { FunctionName: triggerArn } }), functionIdOf(stack, 'Trigger'), functionIdOf(stack, 'Attachment'), ...policies.map(([id]) => id)];
    for (const id of needed) expect(reaches(stack, attachmentIn(stack), id)).toBe(true);
  });

  test('has that function outside any VPC, with time to try again', () => {
    expect(functionOf(stack, 'Attachment').Properties).toMatchObject({ Runtime: 'nodejs24.x', Timeout: 120 });
    expect(functionOf(stack, 'Attachment').Properties).not.toHaveProperty('VpcConfig');
    expect(functionOf(stack, 'Attachment').Properties).not.toHaveProperty('Environment');
  });
});

describe('the role by which a pool sends SMS', () => {
  const passed = (stack: Stack) => statementsOf(stack, 'Attachment').filter(({ Action }) => Action === 'iam:PassRole');

  test('is found where the pool is the app\'s', () => {
    const stack = newStack();
    syncIn(stack, { ...byResource, userPool: smsPoolIn(stack) });
    expect(passed(stack)).toEqual([{
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UserPoolsmsRole/), 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'cognito-idp.amazonaws.com' } },
    }]);
  });

  test('is named for an imported pool', () => {
    const stack = newStack();
    const smsRole = iam.Role.fromRoleArn(stack, 'SmsRole', 'arn:aws:iam::111122223333:role/sms');
    syncIn(stack, { userPool: importedPoolIn(stack), attach: TriggerAttachment.customResource({ smsRole }) });
    expect(passed(stack)).toEqual([expect.objectContaining({ Resource: 'arn:aws:iam::111122223333:role/sms' })]);
  });

  test('is nobody\'s where there is none', () => {
    const stack = newStack();
    syncIn(stack, byResource);
    expect(passed(stack)).toEqual([]);
  });
});

describe('by custom resource, every layout is deployed without a cycle and without a wildcard:', () => {
  const layouts: { works: string; pool: string; sync: string; database: string; alsoRefers?: string; order: Record<string, string[]> }[] = [
    { works: 'everything in one stack', pool: 'One', sync: 'One', database: 'One', order: { One: [] } },
    { works: "the sync in the pool's stack", pool: 'Auth', sync: 'Auth', database: 'Data', order: { Auth: ['Data'], Data: [] } },
    { works: "the sync in the database's stack, where something else refers to the pool", pool: 'Auth', sync: 'Data', database: 'Data', alsoRefers: 'Data', order: { Auth: [], Data: ['Auth'] } },
    { works: "the sync in a stack of its own, and the database's refers to the pool", pool: 'Auth', sync: 'Sync', database: 'Data', alsoRefers: 'Data', order: { Auth: [], Data: ['Auth'], Sync: ['Auth', 'Data'] } },
  ];

  test.each(layouts)('$works', ({ pool, sync, database, alsoRefers, order }) => {
    const app = newApp();
    const stacks = Object.fromEntries(Object.keys(order).map((name) => [name, newStack(name, IRELAND, app)]));
    const userPool = smsPoolIn(stacks[pool]);
    syncIn(stacks[sync], { ...byResource, userPool, database: UserDatabase.fromInstance(instanceIn(stacks[database]), iamProps) });
    if (alsoRefers) referTo(userPool, stacks[alsoRefers]);
    const assembly = app.synth();
    for (const [name, before] of Object.entries(order)) {
      expect(assembly.getStackByName(name).dependencies.map(({ id }) => id).filter((id) => id in order).sort()).toEqual(before);
      expect(resourceCycles(stacks[name])).toEqual([]);
      // Of the pool's own role, which the CDK makes.
      expect(wildcards(stacks[name]).filter(({ Action }) => Action !== 'sns:Publish')).toEqual([]);
    }
    expect(JSON.stringify(functionOf(stacks[sync], 'Consumer').Properties.Environment)).toContain('userPoolId');
  });

  test('the template of a pool in another stack has no word of the sync', () => {
    const { stacks: { Auth } } = apart(byResource);
    expect(JSON.stringify(Template.fromStack(Auth).toJSON().Resources)).not.toMatch(/UserSync|Lambda/);
  });

  test('fails where the pool\'s stack depends on the sync\'s in another way', () => {
    const { app, stacks, sync } = apart(byResource);
    new ssm.StringParameter(stacks.Auth, 'Queue', { stringValue: sync.queue.queueUrl });
    expect(() => app.synth()).toThrow(/^Data\/UserSync: got stacks that depend on each other \((Auth → Data → Auth|Data → Auth → Data)\)/);
  });
});

describe('a pool of the app whose definition changes', () => {
  const definitionWith = (props: cognito.UserPoolProps, change: (pool: cognito.UserPool) => void = () => undefined) => {
    const { stacks, pool } = apart(byResource, (stack) => new cognito.UserPool(stack, 'UserPool', props));
    change(pool);
    return propertiesOf(stacks.Data).UserPoolDefinition;
  };

  test('gets its trigger again, which CloudFormation takes away by that', () => {
    const before = definitionWith({});
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(definitionWith({})).toBe(before);
    expect(definitionWith({ selfSignUpEnabled: true })).not.toBe(before);
    expect(definitionWith({}, (pool) => (pool.node.defaultChild as cognito.CfnUserPool).addPropertyOverride('DeletionProtection', 'ACTIVE'))).not.toBe(before);
  });
});

test.each([
  ['account', 'arn:aws:cognito-idp:eu-west-1:999999999999:userpool/eu-west-1_AbCdEfGhI', '999999999999', '111122223333'],
  ['Region', 'arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_AbCdEfGhI', 'us-east-1', 'eu-west-1'],
])('fails on a pool of another %s', (what, arn, got, expected) => {
  const stack = newStack();
  const userPool = cognito.UserPool.fromUserPoolArn(stack, 'Imported', arn);
  expect(() => syncIn(stack, { ...byResource, userPool })).toThrow(`App/UserSync: got user pool App/Imported of ${what} ${got}, expected the sync's own ${what} ${expected}`);
});

test('a stack of any account and Region takes an imported pool', () => {
  const stack = newStack('App', {});
  syncIn(stack, { ...byResource, userPool: importedPoolIn(stack) });
  Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Permission', { SourceAccount: { Ref: 'AWS::AccountId' } });
});

test('several syncs have a function each', () => {
  const stack = newStack();
  const database = UserDatabase.fromSecret(secretIn(stack), { table: 'users' });
  for (const id of ['One', 'Other']) new CognitoUserSync(stack, id, { ...byResource, columns, database, userPool: new cognito.UserPool(stack, `${id}Pool`) });
  const resources = Object.values(Template.fromStack(stack).findResources('Custom::CognitoUserSyncTrigger'));
  expect(new Set(resources.map(({ Properties }) => Properties.ServiceToken['Fn::GetAtt'][0])).size).toBe(2);
});

describe('the guard', () => {
  test.each([['the CDK', {}], ['a custom resource', byResource]])('looks every hour whether the trigger that %s attached is there', (_, props) => {
    const stack = newStack();
    syncIn(stack, { ...props, userPool: userPoolIn(stack) });
    const [poolId, guardId] = [idOf(stack, 'AWS::Cognito::UserPool'), functionIdOf(stack, 'Guard')];
    const [rule] = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State: 'ENABLED' });
    expect(rule.Targets.map(({ Arn }: { Arn: unknown }) => Arn)).toEqual([{ 'Fn::GetAtt': [guardId, 'Arn'] }]);
    expect(rule.Targets[0].Input).toEqual({
      'Fn::Join': ['', ['{"userPoolId":"', { Ref: poolId }, '","functionArn":"', { 'Fn::GetAtt': [functionIdOf(stack, 'Trigger'), 'Arn'] }, '"}']],
    });
    expect(statementsOf(stack, 'Guard').filter(({ Action }) => Action !== 'logs' && !String(Action).startsWith('logs:'))).toEqual([
      { Effect: 'Allow', Action: 'cognito-idp:DescribeUserPool', Resource: { 'Fn::GetAtt': [poolId, 'Arn'] } },
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Permission', {
      FunctionName: { 'Fn::GetAtt': [guardId, 'Arn'] }, Principal: 'events.amazonaws.com', SourceArn: { 'Fn::GetAtt': [idOf(stack, 'AWS::Events::Rule'), 'Arn'] },
    });
    expect(resourceCycles(stack)).toEqual([]);
  });

  test.each([['Auth', {}], ['Data', byResource]])('is scheduled in stack %s, where references to the pool are no cycle', (name, props) => {
    const { app, stacks } = apart(props);
    app.synth();
    for (const [each, stack] of Object.entries(stacks)) Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', each === name ? 1 : 0);
  });

  test('can be turned off, and takes its alarm along', () => {
    const stack = newStack();
    const sync = syncIn(stack, { triggerGuard: false });
    Template.fromStack(stack).resourceCountIs('AWS::Events::Rule', 0);
    expect(sync.node.tryFindChild('GuardFunction')).toBeUndefined();
    expect(sync.alarms.map(({ node }) => node.id)).not.toContain('TriggerLost');
  });
});

/** The pool in stack Auth, sync and database in stack Data. */
function apart(props: Partial<CognitoUserSyncProps>, poolIn: (stack: Stack) => cognito.UserPool = userPoolIn) {
  const app = newApp();
  const stacks = { Auth: newStack('Auth', IRELAND, app), Data: newStack('Data', IRELAND, app) };
  const pool = poolIn(stacks.Auth);
  const sync: CognitoUserSync = syncIn(stacks.Data, { ...props, userPool: pool, database: UserDatabase.fromInstance(instanceIn(stacks.Data), iamProps) });
  return { app, stacks, pool, sync };
}

function referTo(pool: cognito.IUserPool, stack: Stack): void {
  new ssm.StringParameter(stack, 'PoolId', { stringValue: pool.userPoolId });
}

test('another pool is attached by resources of its own, and what the old one needs to be detached stays until then', () => {
  const idsFor = (poolId: string) => {
    const stack = newStack();
    syncIn(stack, { ...byResource, userPool: cognito.UserPool.fromUserPoolId(stack, 'Imported', poolId) });
    const { Resources } = Template.fromStack(stack).toJSON() as { Resources: Record<string, { Type: string }> };
    return Object.keys(Resources).filter((id) => /^UserSyncPool/.test(id));
  };
  const [one, other] = [idsFor(POOL_ID), idsFor('eu-west-1_ZyXwVuTsR')];
  expect(one).toHaveLength(3);
  expect(one.filter((id) => other.includes(id))).toEqual([]);
  expect(idsFor(POOL_ID)).toEqual(one);
});

test.each([
  ['its own addTrigger', {}],
  ['a custom resource', byResource],
])('fails for a pool of another Region, attached by %s', (_, props) => {
  const stack = newStack();
  expect(() => syncIn(stack, { ...props, userPool: cognito.UserPool.fromUserPoolId(stack, 'Imported', 'us-east-1_AbCdEfGhI') }))
    .toThrow(/got user pool App\/Imported of Region us-east-1, expected the sync's own Region eu-west-1/);
});

test('fails at synth for a pool whose template has a post-confirmation trigger, also one that comes later', () => {
  const app = newApp();
  const stack = newStack('App', IRELAND, app);
  const sync = syncIn(stack, { ...byResource, userPool: userPoolIn(stack) });
  (stack.node.findChild('UserPool') as cognito.UserPool).addTrigger(cognito.UserPoolOperation.POST_CONFIRMATION, sync.triggerFunction);
  expect(() => app.synth()).toThrow(/got user pool App\/UserPool, which has a post-confirmation trigger in its template, with TriggerAttachment\.customResource\(\)/);
});

test('the guard looks for the first time when the trigger is attached', () => {
  const stack = newStack();
  syncIn(stack, { ...byResource, userPool: importedPoolIn(stack) });
  expect(reaches(stack, idOf(stack, 'AWS::Events::Rule'), attachmentIn(stack))).toBe(true);
});

test.each([
  ['the pool', {}, 'AWS::Cognito::UserPool'],
  ['the attachment', byResource, 'Custom::CognitoUserSyncTrigger'],
])('%s waits for a check that may fail the deployment, and for no other', (_, props, type) => {
  for (const [check, waits] of [[DeployCheck.fail(), true], [DeployCheck.warn(), false]] as const) {
    const stack = newStack();
    syncIn(stack, { ...props, check });
    expect(reaches(stack, idOf(stack, type), idOf(stack, 'Custom::CognitoUserSyncCheck'))).toBe(waits);
    expect(resourceCycles(stack)).toEqual([]);
  }
});
