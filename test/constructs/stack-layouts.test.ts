import { type App, Aspects, Lazy, NestedStack, Stack, Stage, aws_kms as kms, aws_rds as rds, aws_ssm as ssm, type aws_cognito as cognito } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { resourceCycles } from './resource-cycles';
import { clusterIn, iamProps, instanceIn, IRELAND, newApp, newStack, syncIn, userPoolIn } from './stacks';
import { DatabaseLogin, Delivery, UserDatabase, type CognitoUserSync, type CognitoUserSyncProps } from '../../src';

type Layout = Record<'pool' | 'sync' | 'database', string>;

interface Built {
  readonly app: App;
  readonly stacks: Record<string, Stack>;
  readonly pool: cognito.UserPool;
  readonly sync: CognitoUserSync;
}

const kinds = {
  'an instance with IAM login': (stack: Stack) => UserDatabase.fromInstance(instanceIn(stack), iamProps),
  'an instance with a secret': (stack: Stack) => {
    const instance = instanceIn(stack);
    return UserDatabase.fromInstance(instance, { ...iamProps, login: DatabaseLogin.secret(instance.secret!) });
  },
  'an instance with a secret under a key of its own': (stack: Stack) => {
    const credentials = rds.Credentials.fromGeneratedSecret('app', { encryptionKey: new kms.Key(stack, 'Key') });
    const instance = instanceIn(stack, { credentials });
    return UserDatabase.fromInstance(instance, { ...iamProps, login: DatabaseLogin.secret(instance.secret!) });
  },
  'a cluster with IAM login': (stack: Stack) => UserDatabase.fromCluster(clusterIn(stack), iamProps),
  'a cluster with a secret': (stack: Stack) => {
    const cluster = clusterIn(stack);
    return UserDatabase.fromCluster(cluster, { ...iamProps, login: DatabaseLogin.secret(cluster.secret!) });
  },
};

const layouts: { works: string; layout: Layout; order: Record<string, string[]> }[] = [
  { works: 'everything in one stack', layout: { pool: 'One', sync: 'One', database: 'One' }, order: { One: [] } },
  { works: "the sync in the pool's stack", layout: { pool: 'Auth', sync: 'Auth', database: 'Data' }, order: { Auth: ['Data'], Data: [] } },
  { works: "the sync in the database's stack", layout: { pool: 'Auth', sync: 'Data', database: 'Data' }, order: { Auth: ['Data'], Data: [] } },
  { works: 'the sync in a stack of its own', layout: { pool: 'Auth', sync: 'Sync', database: 'Data' }, order: { Auth: ['Sync'], Sync: ['Data'], Data: [] } },
];

const ways: Record<string, Partial<CognitoUserSyncProps>> = {
  'written directly': {},
  'written through a relay': { relay: true },
  'queued': { delivery: Delivery.queued() },
  'queued, and written through a relay': { delivery: Delivery.queued(), relay: true },
};

const combinations = Object.entries(kinds).flatMap(([kind, database]) => Object.entries(ways).map(([way, props]) => ({ kind, way, database, props })));

describe.each(combinations)('with $kind, $way', ({ database, props }) => {
  test.each(layouts)('$works is deployed without a cycle', ({ layout, order }) => {
    const { app, stacks } = build(layout, database, props);
    const assembly = app.synth();
    for (const [name, before] of Object.entries(order)) {
      expect(assembly.getStackByName(name).dependencies.map(({ id }) => id).filter((id) => id in order)).toEqual(before);
      expect(resourceCycles(stacks[name])).toEqual([]);
    }
  });
});

test('the stacks of a stage are checked too', () => {
  const app = newApp();
  const stage = new Stage(app, 'Production', IRELAND);
  const auth = new Stack(stage, 'Auth');
  const data = new Stack(stage, 'Data');
  const pool = userPoolIn(auth);
  syncIn(data, { userPool: pool });
  referTo(pool, data);
  expect(synthError(app)).toMatch(/^Production\/Data\/UserSync: .*\(Production\/Auth → Production\/Data → Production\/Auth\)/);
});

test("a sync in a nested stack of the pool's stack works", () => {
  const stack = newStack();
  const nested = new NestedStack(stack, 'Data');
  syncIn(nested, { userPool: userPoolIn(stack), database: UserDatabase.fromInstance(instanceIn(nested), iamProps) });
  expect(resourceCycles(stack)).toEqual([]);
});

test("fails where the sync is in the database's stack and something else there references the pool", () => {
  const { app, stacks, pool } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  referTo(pool, stacks.Data);
  expect(synthError(app)).toBe(`Data/UserSync: got stacks that depend on each other (Auth → Data → Auth), so that none can be deployed first:
  - Auth/UserPool/Resource references Data/UserSync/TriggerFunction/Resource (Arn)
  - Data/PoolId/Resource references Auth/UserPool/Resource (Ref)
expected the pool's stack to depend on the sync's, and the sync's on the database's, and none of them back. Take away one of these references, or use a layout that works:
  - user pool, sync and database in one stack
  - the sync in the user pool's stack, where nothing in the database's stack depends on the pool's
  - the sync in the database's stack, where nothing else there depends on the user pool's
  - the sync in a stack of its own, where nothing in the database's stack or in its own depends on the user pool's
  - attach: TriggerAttachment.customResource(), with which the sync's stack depends on the pool's, and nothing in the pool's may depend on the sync's`);
});

test("fails where the sync is in the pool's stack and the database's stack references the pool", () => {
  const { app, stacks, pool } = build({ pool: 'Auth', sync: 'Auth', database: 'Data' });
  referTo(pool, stacks.Data);
  expect(synthError(app)).toMatch(/^Auth\/UserSync: .*\(Auth → Data → Auth\)[^]*Auth\/UserSync\S* references Data\/(Instance|Vpc)[^]*Data\/PoolId\/Resource references Auth\/UserPool\/Resource \(Ref\)/);
});

test("fails where the sync has a stack of its own and the database's stack references the pool", () => {
  const { app, stacks, pool } = build({ pool: 'Auth', sync: 'Sync', database: 'Data' });
  referTo(pool, stacks.Data);
  expect(synthError(app)).toMatch(/^Sync\/UserSync: .*\(Auth → Sync → Data → Auth\)[^]*Data\/PoolId\/Resource references Auth\/UserPool/);
});

test('fails where the trigger function is given the pool of another stack', () => {
  const { app, pool, sync } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  (sync.triggerFunction as unknown as { addEnvironment(key: string, value: string): void }).addEnvironment('USER_POOL_ID', pool.userPoolId);
  expect(synthError(app)).toMatch(/Data\/UserSync\/TriggerFunction\/Resource references Auth\/UserPool\/Resource \(Ref\)/);
});

test('fails where a stack was told to depend on the pool', () => {
  const { app, stacks } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  stacks.Data.addDependency(stacks.Auth);
  expect(synthError(app)).toMatch(/Data was told to depend on Auth \(addDependency\)/);
});

test('fails where the way back goes through a stack in between', () => {
  const { app, stacks, pool } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  const between = new Stack(app, 'Between', IRELAND);
  const parameter = referTo(pool, between);
  new ssm.StringParameter(stacks.Data, 'Copy', { stringValue: parameter.parameterName });
  expect(synthError(app)).toMatch(/\(Auth → Data → Between → Auth\)/);
});

test('fails where the references are in nested stacks', () => {
  const { app, stacks, pool } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  referTo(pool, new NestedStack(stacks.Data, 'Nested'));
  expect(synthError(app)).toMatch(/\(Auth → Data → Auth\)[^]*Data\/Nested\/PoolId\/Resource references Auth\/UserPool/);
});

test('fails where two nested stacks of one parent wait for each other', () => {
  const parent = newStack();
  const auth = new NestedStack(parent, 'Auth');
  const data = new NestedStack(parent, 'Data');
  const pool = userPoolIn(auth);
  syncIn(data, { userPool: pool });
  referTo(pool, data);
  expect(synthError(parent.node.root as App)).toMatch(/\(App\/Auth → App\/Data → App\/Auth\)/);
});

test('leaves a cycle that is not the sync\'s to the CDK', () => {
  const { app, pool } = build({ pool: 'Auth', sync: 'Auth', database: 'Auth' });
  const [a, b] = ['A', 'B'].map((id) => new Stack(app, id, IRELAND));
  const first = referTo(pool, a);
  const second = new ssm.StringParameter(b, 'Second', { stringValue: first.parameterName });
  new ssm.StringParameter(a, 'Third', { stringValue: second.parameterName });
  expect(synthError(app)).toMatch(/would create a cyclic reference/);
});

test('leaves an element that cannot be rendered to the CDK', () => {
  const { app, stacks } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  new ssm.StringParameter(stacks.Data, 'Broken', { stringValue: Lazy.string({ produce: () => { throw new Error('broken on purpose'); } }) });
  expect(synthError(app)).toMatch(/broken on purpose/);
});

test('an aspect may still change what other constructs render', () => {
  const { app } = build({ pool: 'Auth', sync: 'Data', database: 'Data' });
  const later = newStack('Later', IRELAND, app);
  let value = 'early';
  new ssm.StringParameter(later, 'Value', { stringValue: Lazy.string({ produce: () => value }) });
  Aspects.of(later).add({ visit: () => { value = 'late'; } });
  Template.fromStack(later).hasResourceProperties('AWS::SSM::Parameter', { Value: 'late' });
});

function build(layout: Layout, database = kinds['an instance with IAM login'], props: Partial<CognitoUserSyncProps> = {}): Built {
  const app = newApp();
  const stacks = Object.fromEntries([...new Set(Object.values(layout))].map((name) => [name, newStack(name, IRELAND, app)]));
  const pool = userPoolIn(stacks[layout.pool]);
  const sync = syncIn(stacks[layout.sync], { userPool: pool, database: database(stacks[layout.database]), ...props });
  return { app, stacks, pool, sync };
}

function referTo(pool: cognito.UserPool, stack: Stack): ssm.StringParameter {
  return new ssm.StringParameter(stack, 'PoolId', { stringValue: pool.userPoolId });
}

function synthError(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected synth to fail');
}
