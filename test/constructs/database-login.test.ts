import { aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { clusterIn, functionNamesOf, functionOf, iamProps, instanceIn, newStack, planOf, secretIn, statementsOf, syncIn, warningsOf } from './stacks';
import { DatabaseLogin, UserDatabase, type CognitoUserSyncProps, type RdsDatabaseProps } from '../../src';

const kinds = [
  {
    kind: 'an instance',
    id: 'InstanceC1063A87',
    resourceId: 'DbiResourceId',
    define: instanceIn,
    bind: (database: unknown, props: RdsDatabaseProps) => UserDatabase.fromInstance(database as never, props),
  },
  {
    kind: 'a cluster',
    id: 'ClusterEB0386A7',
    resourceId: 'DBClusterResourceId',
    define: clusterIn,
    bind: (database: unknown, props: RdsDatabaseProps) => UserDatabase.fromCluster(database as never, props),
  },
];

describe.each(kinds)('a login that is created at $kind', ({ define, bind, id, resourceId }) => {
  const synced = (props: Partial<CognitoUserSyncProps> = {}) => {
    const stack = newStack();
    const database = define(stack);
    syncIn(stack, { database: bind(database, { ...iamProps, login: DatabaseLogin.created({ administrator: database.secret!, userName: 'user_sync' }) }), ...props });
    return stack;
  };

  test('is what the functions log in by', () => {
    expect(planOf(synced()).database).toMatchObject({ host: `<${id}.Endpoint.Address>`, login: { iamUser: 'user_sync' } });
  });

  test('is created at deployment, where the database is', () => {
    expect(planOf(synced(), 'Inspector').creation).toEqual({ userName: 'user_sync', host: `<${id}.Endpoint.Address>`, port: 5432, databaseName: 'app', region: 'eu-west-1' });
  });

  test('is the only one that the running functions have', () => {
    const stack = synced({ relay: true });
    const connect = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds-db:eu-west-1:111122223333:dbuser:', { 'Fn::GetAtt': [id, resourceId] }, '/user_sync']] };
    expect(statementsOf(stack, 'Writer').filter(({ Action }) => Action === 'rds-db:connect')).toEqual([{ Effect: 'Allow', Action: 'rds-db:connect', Resource: connect }]);
    for (const name of functionNamesOf(stack)) {
      expect(JSON.stringify(statementsOf(stack, name))).not.toContain('secretsmanager:');
      expect(JSON.stringify(functionOf(stack, name).Properties.Environment)).not.toMatch(/Secret/);
    }
  });

  test('is created by the one function that may read the administrator\'s secret', () => {
    const read = statementsOf(synced(), 'Deployment').filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(read).toEqual([{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/Secret/) } }]);
  });

  test('needs IAM authentication, which is turned on', () => {
    expect(Template.fromStack(synced()).toJSON().Resources[id].Properties.EnableIAMDatabaseAuthentication).toBe(true);
  });

  test('is no reason to warn', () => {
    expect(warningsOf(synced())).toEqual([]);
  });
});

const ways: Record<string, (userName: never, stack: Stack) => DatabaseLogin> = {
  'DatabaseLogin.iam': (userName) => DatabaseLogin.iam(userName),
  'DatabaseLogin.created': (userName, stack) => DatabaseLogin.created({ administrator: secretIn(stack), userName }),
};

describe.each(Object.entries(ways))('%s', (_, login) => {
  const bound = (userName: unknown, props: Partial<rds.DatabaseInstanceProps> = {}) => {
    const stack = newStack();
    return () => syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack, props), { ...iamProps, login: login(userName as never, stack) }) });
  };

  test.each(['', ' ', '*', 'user*', 'a/b', 'a?', 'a\0', '${aws:username}'])('fails on the user name %j', (userName) => {
    expect(bound(userName)).toThrow(`App/UserSync: got IAM user name ${JSON.stringify(userName)}, expected one PostgreSQL user`);
  });

  test.each([[undefined, 'undefined'], [null, 'null'], [42, '42'], [{}, '{}']])('fails on the user name %p, which is no text', (userName, told) => {
    expect(bound(userName)).toThrow(`App/UserSync: got ${told} as IAM user name, expected the name of one PostgreSQL user: name it, as in DatabaseLogin.`);
  });

  test('fails on a name that PostgreSQL would cut', () => {
    expect(bound('ü'.repeat(32))).toThrow('of 64 bytes, expected at most 63');
  });

  test('fails on the master user, by its default name', () => {
    expect(bound('postgres')).toThrow('App/UserSync: got IAM user name "postgres", which is the master user of App/Instance and would lose its login by password, expected a user for the sync alone');
  });

  test.each([
    ['a secret that is generated', rds.Credentials.fromGeneratedSecret('boss')],
    ['a secret of its own', rds.Credentials.fromUsername('boss')],
  ])('fails on the master user of %s', (__, credentials) => {
    expect(bound('boss', { credentials })).toThrow('got IAM user name "boss", which is the master user of App/Instance');
    expect(bound('user_sync', { credentials })).not.toThrow();
  });
});

test.each(['pg_monitor', 'public', 'none'])('fails on creating the user %s, whose name is PostgreSQL\'s own', (userName) => {
  const stack = newStack();
  const login = DatabaseLogin.created({ administrator: secretIn(stack), userName });
  expect(() => syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, login }) }))
    .toThrow(`got IAM user name ${JSON.stringify(userName)}, which PostgreSQL keeps for itself`);
});

test.each([
  ['no login', undefined, 'got no login, expected one that is for the sync alone: pass DatabaseLogin.created(), DatabaseLogin.iam() or DatabaseLogin.secret() as login'],
  ['no administrator', DatabaseLogin.created({ userName: 'user_sync' } as never), 'got DatabaseLogin.created() without administrator, expected the secret of a user who may create others'],
  ['no secret', DatabaseLogin.secret(undefined as never), 'got DatabaseLogin.secret() without a secret'],
])('fails on %s, which callers of JavaScript may leave out', (_, login, message) => {
  const stack = newStack();
  expect(() => syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, login: login as never }) })).toThrow(`App/UserSync: ${message}`);
});

describe.each(kinds)('the master user of $kind', ({ define, bind }) => {
  test('is warned of as a login, with the way out', () => {
    const stack = newStack();
    const database = define(stack);
    syncIn(stack, { database: bind(database, { ...iamProps, login: DatabaseLogin.secret(database.secret!) }) });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/^the functions log in as the master user of App\/\w+, who may do anything with every table: .*DatabaseLogin\.created\(\{ administrator, userName: 'user_sync' \}\)/)]);
  });

  test('is not warned of where another secret is the login', () => {
    const stack = newStack();
    syncIn(stack, { database: bind(define(stack), { ...iamProps, login: DatabaseLogin.secret(secretIn(stack)) }) });
    expect(warningsOf(stack)).toEqual([]);
  });
});

test('the secret of an imported cluster is known as its master\'s', () => {
  const stack = newStack();
  const data = newStack('Data', undefined, stack.node.root as never);
  const secret = secretIn(data);
  const imported = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', { clusterIdentifier: 'users', clusterEndpointAddress: 'db.example.com', port: 5432, secret });
  const { vpc } = clusterIn(data);
  syncIn(stack, { database: UserDatabase.fromCluster(imported, { ...iamProps, vpc, login: DatabaseLogin.secret(secret) }) });
  expect(warningsOf(stack)).toEqual([expect.stringContaining('the master user of App/Imported')]);
});

test('the master user is known by a secret that the app made for it, before and after it was attached', () => {
  const withMaster = (login: (secret: rds.DatabaseSecret) => DatabaseLogin) => {
    const stack = newStack();
    const secret = new rds.DatabaseSecret(stack, 'Master', { username: 'boss' });
    const instance = instanceIn(stack, { credentials: rds.Credentials.fromSecret(secret) });
    syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, login: login(secret) }) });
    return warningsOf(stack);
  };
  expect(() => withMaster(() => DatabaseLogin.iam('boss'))).toThrow('got IAM user name "boss", which is the master user of App/Instance');
  expect(withMaster((secret) => DatabaseLogin.secret(secret))).toEqual([expect.stringContaining('the functions log in as the master user of App/Instance')]);
  expect(withMaster(() => DatabaseLogin.iam('user_sync'))).toEqual([]);
});
