import { App, aws_ec2 as ec2, aws_rds as rds, aws_secretsmanager as secretsmanager, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { IRELAND, clusterIn, functionOf, iamProps, instanceIn, isolatedVpcIn, newStack, planOf, secretIn, statementsOf, syncIn, triggerFunctionOf, vpcIn, warningsOf } from './stacks';
import { DatabaseLogin, UserDatabase, type RdsDatabaseProps } from '../../src';

const INSTANCE = 'InstanceC1063A87';
const CLUSTER = 'ClusterEB0386A7';

/** What a function in a VPC may do besides: AWS takes no resource there. */
const NETWORK_INTERFACES = {
  Effect: 'Allow',
  Action: ['ec2:AssignPrivateIpAddresses', 'ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:UnassignPrivateIpAddresses'],
  Resource: '*',
};
const LOGS = { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UserSyncLogGroup/), 'Arn'] } };

const kinds = [
  {
    kind: 'an instance',
    id: INSTANCE,
    resourceId: 'DbiResourceId',
    bind: (stack: Stack, login: LoginOf) => {
      const instance = instanceIn(stack);
      return UserDatabase.fromInstance(instance, { ...iamProps, login: login(instance.secret!) });
    },
  },
  {
    kind: 'a cluster',
    id: CLUSTER,
    resourceId: 'DBClusterResourceId',
    bind: (stack: Stack, login: LoginOf) => {
      const cluster = clusterIn(stack);
      return UserDatabase.fromCluster(cluster, { ...iamProps, login: login(cluster.secret!) });
    },
  },
];

const QUEUE = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^UserSyncQueue/), 'Arn'] } };

type LoginOf = (secret: secretsmanager.ISecret) => DatabaseLogin;

describe.each(kinds)('with $kind', ({ bind, id, resourceId }) => {
  const iam = () => {
    const stack = newStack();
    syncIn(stack, { database: bind(stack, () => DatabaseLogin.iam('user_sync')) });
    return stack;
  };
  const bySecret = () => {
    const stack = newStack();
    syncIn(stack, { database: bind(stack, DatabaseLogin.secret) });
    return stack;
  };
  const address = { kind: 'postgres', table: 'public.users', host: `<${id}.Endpoint.Address>`, port: 5432, databaseName: 'app', region: 'eu-west-1' };

  test('the function is told where the database is and who it is there', () => {
    expect(planOf(iam()).database).toEqual({ ...address, login: { iamUser: 'user_sync' } });
  });

  test('the function is told which secret it logs in by', () => {
    expect(planOf(bySecret()).database).toEqual({ ...address, login: { secretArn: expect.stringMatching(/^<.*Secret.*>$/) } });
  });

  test('with IAM it may connect as that user of that database, and do nothing else', () => {
    const connect = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds-db:eu-west-1:111122223333:dbuser:', { 'Fn::GetAtt': [id, resourceId] }, '/user_sync']] };
    expect(statementsOf(iam())).toEqual([LOGS, QUEUE, { Effect: 'Allow', Action: 'rds-db:connect', Resource: connect }, NETWORK_INTERFACES]);
  });

  test('with a secret it may read that secret, and do nothing else', () => {
    expect(statementsOf(bySecret())).toEqual([
      LOGS,
      QUEUE,
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/Secret/) } },
      NETWORK_INTERFACES,
    ]);
  });

  test('IAM authentication is enabled for IAM login, and left alone otherwise', () => {
    const property = (stack: Stack) => Template.fromStack(stack).toJSON().Resources[id].Properties.EnableIAMDatabaseAuthentication;
    expect(property(iam())).toBe(true);
    expect(property(bySecret())).toBeUndefined();
  });

  test('the database lets the function in, on its own port', () => {
    const port = { 'Fn::GetAtt': [id, 'Endpoint.Port'] };
    const stack = iam();
    const [group] = triggerFunctionOf(stack).Properties.VpcConfig.SecurityGroupIds;
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id.slice(0, -8)}SecurityGroup`), 'GroupId'] },
      SourceSecurityGroupId: group,
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
    });
  });

  test('the function runs in the private subnets of the database\'s VPC', () => {
    expect(triggerFunctionOf(iam()).Properties.VpcConfig.SubnetIds).toEqual([{ Ref: expect.stringMatching(/^VpcPrivateSubnet1Subnet/) }, { Ref: expect.stringMatching(/^VpcPrivateSubnet2Subnet/) }]);
  });
});

test('the Region of the database is a token where the stack has none', () => {
  const stack = newStack('App', {});
  syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps) });
  expect(planOf(stack).database.region).toBe('<AWS::Region>');
});

test('the functions may run elsewhere, with their own security groups', () => {
  const stack = newStack();
  const vpc = isolatedVpcIn(stack);
  const group = new ec2.SecurityGroup(stack, 'Group', { vpc });
  const [, subnet] = vpc.isolatedSubnets;
  const props = { ...iamProps, vpcSubnets: { subnets: [subnet] }, securityGroups: [group] };
  const { connections } = syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack, { vpc }), props) });
  const placement = { SubnetIds: [subnet.subnetId], SecurityGroupIds: [group.securityGroupId] };
  expect(functionOf(stack, 'Writer').Properties.VpcConfig).toEqual(stack.resolve(placement));
  expect(connections.securityGroups).toEqual([group]);
});

test('the function may run in another VPC', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Peer', { maxAzs: 2 });
  syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, vpc }) });
  expect(triggerFunctionOf(stack).Properties.VpcConfig.SubnetIds).toEqual(vpc.privateSubnets.map(({ subnetId }) => stack.resolve(subnetId)));
});

test('the writer runs in isolated subnets where there are no others', () => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack, { vpc: isolatedVpcIn(stack) }), iamProps) });
  expect(functionOf(stack, 'Writer').Properties.VpcConfig.SubnetIds).toHaveLength(2);
  expect(warningsOf(stack)).toEqual([]);
});

test('warns of a secret that cannot be read from isolated subnets', () => {
  const stack = newStack();
  const instance = instanceIn(stack, { vpc: isolatedVpcIn(stack) });
  syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, login: DatabaseLogin.secret(secretIn(stack)) }) });
  expect(warningsOf(stack)).toEqual([expect.stringMatching(/cannot reach Secrets Manager: use DatabaseLogin\.iam\(\).*interface endpoint for Secrets Manager/)]);
});

test('does not warn of a secret where there is a way out', () => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), { ...iamProps, login: DatabaseLogin.secret(secretIn(stack)) }) });
  expect(warningsOf(stack)).toEqual([]);
});

describe('imported', () => {
  const importInstance = (stack: Stack, instanceResourceId?: string) => rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', {
    instanceIdentifier: 'users', instanceEndpointAddress: 'db.example.com', port: 5433, securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')], instanceResourceId,
  });
  const importCluster = (stack: Stack, clusterResourceIdentifier?: string) => rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
    clusterIdentifier: 'users', clusterEndpointAddress: 'db.example.com', port: 5433, securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')], clusterResourceIdentifier,
  });

  test.each([
    ['instance', (stack: Stack, props: RdsDatabaseProps) => UserDatabase.fromInstance(importInstance(stack, 'db-ABC'), props), 'db-ABC'],
    ['cluster', (stack: Stack, props: RdsDatabaseProps) => UserDatabase.fromCluster(importCluster(stack, 'cluster-ABC'), props), 'cluster-ABC'],
  ])('an %s works with a VPC and its resource id', (_, bind, resourceId) => {
    const stack = newStack();
    syncIn(stack, { database: bind(stack, { ...iamProps, vpc: vpcIn(stack) }) });
    expect(planOf(stack).database).toMatchObject({ host: 'db.example.com', port: 5433 });
    expect(JSON.stringify(statementsOf(stack))).toContain(`:dbuser:${resourceId}/user_sync`);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', FromPort: 5433 });
  });

  test('fails on an instance without a VPC', () => {
    const stack = newStack();
    expect(() => syncIn(stack, { database: UserDatabase.fromInstance(importInstance(stack), iamProps) })).toThrow('App/UserSync: got imported database App/Imported, which does not know its VPC: pass the VPC that it runs in as vpc');
  });

  test('fails on a cluster without a VPC', () => {
    const stack = newStack();
    expect(() => syncIn(stack, { database: UserDatabase.fromCluster(importCluster(stack), iamProps) })).toThrow('which does not know its VPC');
  });

  test('fails on IAM login to an instance without its resource id', () => {
    const stack = newStack();
    expect(() => syncIn(stack, { database: UserDatabase.fromInstance(importInstance(stack), { ...iamProps, vpc: vpcIn(stack) }) })).toThrow('App/UserSync: got imported instance App/Imported without its resource id, which an IAM policy needs: pass instanceResourceId');
  });

  test('fails on IAM login to a cluster without its resource id', () => {
    const stack = newStack();
    expect(() => syncIn(stack, { database: UserDatabase.fromCluster(importCluster(stack), { ...iamProps, vpc: vpcIn(stack) }) })).toThrow('App/UserSync: got imported cluster App/Imported without clusterResourceIdentifier (cluster-…): pass it to fromDatabaseClusterAttributes');
  });

  test('fails on an instance without its address, which callers of JavaScript may leave out', () => {
    const stack = newStack();
    const instance = rds.DatabaseInstance.fromDatabaseInstanceAttributes(stack, 'Imported', { instanceIdentifier: 'users', port: 5432, securityGroups: [] } as never);
    expect(() => syncIn(stack, { database: UserDatabase.fromInstance(instance, { ...iamProps, vpc: vpcIn(stack) }) })).toThrow('App/UserSync: got imported instance App/Imported without instanceEndpointAddress: pass it');
  });

  test('fails on a cluster without its address', () => {
    const stack = newStack();
    const cluster = rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', { clusterIdentifier: 'users' });
    expect(() => syncIn(stack, { database: UserDatabase.fromCluster(cluster, { ...iamProps, vpc: vpcIn(stack) }) })).toThrow('App/UserSync: got imported cluster App/Imported without clusterEndpointAddress and port');
  });
});

test.each([
  ['an instance', (stack: Stack) => UserDatabase.fromInstance(instanceIn(stack, { iamAuthentication: false }), iamProps), 'got App/Instance with iamAuthentication: false, expected IAM authentication'],
  ['a cluster', (stack: Stack) => UserDatabase.fromCluster(clusterIn(stack, { iamAuthentication: false }), iamProps), 'got App/Cluster with iamAuthentication: false, expected IAM authentication'],
])('fails on IAM login to %s that refuses it', (_, bind, message) => {
  const stack = newStack();
  expect(() => syncIn(stack, { database: bind(stack) })).toThrow(`App/UserSync: ${message}`);
});

test.each([
  ['an instance', (stack: Stack) => UserDatabase.fromInstance(instanceIn(stack, { engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_0 }) }), iamProps), 'got App/Instance with engine mysql, expected PostgreSQL'],
  ['a cluster', (stack: Stack) => UserDatabase.fromCluster(clusterIn(stack, { engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }) }), iamProps), 'got App/Cluster with engine aurora-mysql, expected PostgreSQL'],
])('fails on %s of another engine', (_, bind, message) => {
  const stack = newStack();
  expect(() => syncIn(stack, { database: bind(stack) })).toThrow(`App/UserSync: ${message}`);
});

test('fails on a VPC without a subnet for the function', () => {
  const stack = newStack();
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] });
  const database = UserDatabase.fromInstance(instanceIn(stack, { vpc, vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC } }), iamProps);
  expect(() => syncIn(stack, { database })).toThrow('App/UserSync: got VPC App/Vpc without private or isolated subnets');
});

test('fails for a read replica', () => {
  const stack = newStack();
  const source = instanceIn(stack);
  const replica = new rds.DatabaseInstanceReadReplica(stack, 'Replica', { sourceDatabaseInstance: source, instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM), vpc: source.vpc });
  expect(() => syncIn(stack, { database: UserDatabase.fromInstance(replica, iamProps) })).toThrow(/got App\/Replica, which is a read replica, expected an instance that takes writes/);
});

test('fails for a cluster that follows another one', () => {
  const stack = newStack();
  const cluster = clusterIn(stack);
  (cluster.node.defaultChild as rds.CfnDBCluster).replicationSourceIdentifier = 'arn:aws:rds:us-east-1:111122223333:cluster:source';
  expect(() => syncIn(stack, { database: UserDatabase.fromCluster(cluster, iamProps) })).toThrow(/got App\/Cluster, which is a read replica/);
});

test('fails for a database of another Region, where none of its functions could stand', () => {
  const app = new App({ context: { '@aws-cdk/core:crossRegionReferences': true } });
  const far = newStack('Far', { env: { account: '111122223333', region: 'eu-central-1' }, crossRegionReferences: true }, app);
  const stack = newStack('App', { ...IRELAND, crossRegionReferences: true }, app);
  expect(() => syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(far), iamProps) })).toThrow(/got VPC Far\/Vpc of Region eu-central-1, expected one of Region eu-west-1/);
});

test('nothing is warned of anywhere in the stack, so that a strict synthesis succeeds', () => {
  const stack = newStack();
  syncIn(stack, { database: UserDatabase.fromInstance(instanceIn(stack), iamProps) });
  expect(Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('Egress'))).toEqual([]);
});
