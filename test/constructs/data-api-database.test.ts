import { aws_kms as kms, aws_rds as rds, aws_secretsmanager as secretsmanager, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { clusterIn, functionNamesOf, functionOf, newStack, planOf, secretIn, statementsOf, syncIn, warningsOf } from './stacks';
import { DatabaseLogin, UserDatabase } from '../../src';

const ARN = 'arn:aws:rds:us-east-1:444455556666:cluster:users';
const CLUSTER = 'ClusterEB0386A7';
const props = { databaseName: 'app', table: 'public.users' };

const synced = (clusterProps: Partial<rds.DatabaseClusterProps> = {}, secretOf: (stack: Stack) => secretsmanager.ISecret = secretIn) => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromDataApi(clusterIn(stack, clusterProps), { ...props, secret: secretOf(stack) }) });
  return stack;
};

const clusterArn = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-west-1:111122223333:cluster:', { Ref: CLUSTER }]] };

test('the functions are told which cluster to ask, and which secret it logs in by', () => {
  expect(planOf(synced()).database).toEqual({
    kind: 'dataApi', table: 'public.users', clusterArn: `arn:<AWS::Partition>:rds:eu-west-1:111122223333:cluster:<${CLUSTER}>`, secretArn: expect.stringMatching(/^<Secret/), databaseName: 'app',
  });
});

test('they may run statements on that cluster and read that secret, and do nothing else', () => {
  const stack = synced();
  for (const name of functionNamesOf(stack)) {
    expect(statementsOf(stack, name).filter(({ Action }) => /^(rds|secretsmanager|kms)/.test(String(Action)))).toEqual([
      { Effect: 'Allow', Action: 'rds-data:ExecuteStatement', Resource: clusterArn },
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/^Secret/) } },
    ]);
  }
});

test('a secret under a key of its own may be decrypted', () => {
  const stack = synced({}, (scope) => new secretsmanager.Secret(scope, 'Secret', { encryptionKey: new kms.Key(scope, 'Key') }));
  expect(statementsOf(stack).slice(4)).toEqual([expect.objectContaining({ Action: 'kms:Decrypt', Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-west-1.amazonaws.com' } } })]);
});

test('they run in no VPC, although the cluster does', () => {
  const stack = synced();
  expect(functionNamesOf(stack)).toEqual(['Trigger', 'Consumer']);
  for (const name of functionNamesOf(stack)) expect(functionOf(stack, name).Properties).not.toHaveProperty('VpcConfig');
  Template.fromStack(stack).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});

test('a cluster that somebody enabled the Data API of stays as it is', () => {
  Template.fromStack(synced({ enableDataApi: true })).hasResourceProperties('AWS::RDS::DBCluster', { EnableHttpEndpoint: true });
});

test('warns of the master user\'s secret', () => {
  const stack = newStack();
  const cluster = clusterIn(stack);
  syncIn(stack, { database: UserDatabase.fromDataApi(cluster, { ...props, secret: cluster.secret! }) });
  expect(warningsOf(stack)).toEqual([expect.stringMatching(/^the functions log in as the master user of App\/Cluster, .*: pass the secret of a user who may write the mapped columns alone/)]);
});

describe('imported', () => {
  test('a cluster works by its identifier', () => {
    const stack = newStack();
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', { clusterIdentifier: 'users' });
    syncIn(stack, { database: UserDatabase.fromDataApi(cluster, { ...props, secret: secretIn(stack) }) });
    expect(planOf(stack).database).toMatchObject({ clusterArn: 'arn:<AWS::Partition>:rds:eu-west-1:111122223333:cluster:users' });
  });

  test('a cluster works by its ARN, in its own Region', () => {
    const stack = newStack();
    syncIn(stack, { database: UserDatabase.fromDataApiArn(ARN, { ...props, secret: secretIn(stack) }) });
    expect(planOf(stack).database).toMatchObject({ kind: 'dataApi', clusterArn: ARN });
    expect(statementsOf(stack)[2]).toEqual({ Effect: 'Allow', Action: 'rds-data:ExecuteStatement', Resource: ARN });
  });

  test.each(['users', 'arn:aws:rds:us-east-1:444455556666:cluster:*', 'arn:aws:rds:us-east-1:444455556666:db:users'])('fails on the ARN %j', (arn) => {
    const stack = newStack();
    expect(() => syncIn(stack, { database: UserDatabase.fromDataApiArn(arn, { ...props, secret: secretIn(stack) }) })).toThrow(`App/UserSync: got ${JSON.stringify(arn)} as ARN of a cluster, expected arn:aws:rds:<region>:<account>:cluster:<identifier>`);
  });
});

test('fails where the Data API is off on purpose', () => {
  expect(() => synced({ enableDataApi: false })).toThrow('App/UserSync: got App/Cluster with enableDataApi: false, expected the Data API: take that setting out, or use UserDatabase.fromCluster()');
});

test('fails on a login instead of a secret, with the way out', () => {
  const stack = newStack();
  const login = DatabaseLogin.created({ administrator: secretIn(stack), userName: 'user_sync' });
  expect(() => syncIn(stack, { database: UserDatabase.fromDataApi(clusterIn(stack), { ...props, login } as never) }))
    .toThrow('App/UserSync: got no secret, by which alone the Data API logs in, expected that of a user who may write the mapped columns: pass it as secret, or use UserDatabase.fromCluster() for DatabaseLogin.iam() and DatabaseLogin.created()');
});

test('fails on a cluster of another engine', () => {
  expect(() => synced({ engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }) })).toThrow('App/UserSync: got App/Cluster with engine aurora-mysql, expected PostgreSQL');
});
