import { aws_ec2 as ec2, aws_iam as iam, aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { clusterIn, functionOf, iamProps, instanceIn, newStack, planOf, secretIn, statementsOf, syncIn, triggerFunctionOf, vpcIn, warningsOf } from './stacks';
import { synthError } from './synth-errors';
import { DatabaseLogin, UserDatabase, type ProxyDatabaseProps } from '../../src';

const HOST = expect.stringMatching(/^<(Instance|Cluster)Proxy[0-9A-F]{8}\.Endpoint>$/);

const standard = (stack: Stack, props: Partial<rds.DatabaseProxyProps> = {}) => {
  const instance = instanceIn(stack);
  const secret = secretIn(stack);
  return { instance, secret, proxy: instance.addProxy('Proxy', { vpc: instance.vpc, secrets: [secret], ...props }) };
};

const endToEnd = (stack: Stack, props: Partial<rds.DatabaseProxyProps> = {}) => {
  const cluster = clusterIn(stack);
  return { cluster, proxy: cluster.addProxy('Proxy', { vpc: cluster.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH, ...props }) };
};

describe('a standard proxy', () => {
  const synced = () => {
    const stack = newStack();
    const { proxy, secret } = standard(stack);
    syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, login: DatabaseLogin.secret(secret) }) });
    return stack;
  };

  test('is reached by its own address, with a secret', () => {
    expect(planOf(synced()).database).toEqual({
      kind: 'postgres', table: 'public.users', host: HOST, port: 5432, databaseName: 'app', region: 'eu-west-1', login: { secretArn: expect.stringMatching(/^<Secret[0-9A-F]{8}>$/) },
    });
  });

  test('takes nothing but the secret, which the functions may read', () => {
    expect(statementsOf(synced()).slice(2, -1)).toEqual([{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: { Ref: expect.stringMatching(/^Secret/) } }]);
  });

  test('lets the functions in, and the database does not', () => {
    const stack = synced();
    const [group] = triggerFunctionOf(stack).Properties.VpcConfig.SecurityGroupIds;
    expect(ingressFrom(stack, group)).toEqual([{ GroupId: { 'Fn::GetAtt': [expect.stringMatching(/^InstanceProxyProxySecurityGroup/), 'GroupId'] }, FromPort: 5432, ToPort: 5432 }]);
  });

  test('warns of the master user\'s secret, where the database is named', () => {
    const stack = newStack();
    const { proxy, instance } = standard(stack);
    syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, instance, login: DatabaseLogin.secret(instance.secret!) }) });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/^the functions log in as the master user of App\/Instance, .*: pass the secret of a user who may write the mapped columns alone/)]);
  });

  test.each([
    ['DatabaseLogin.iam()', () => DatabaseLogin.iam('user_sync')],
    ['DatabaseLogin.created()', (stack: Stack) => DatabaseLogin.created({ administrator: secretIn(stack), userName: 'user_sync' })],
  ])('fails on %s, and says the ways out', (call, login) => {
    const stack = newStack();
    const instance = instanceIn(stack);
    const proxy = instance.addProxy('Proxy', { vpc: instance.vpc, secrets: [instance.secret!] });
    expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, instance, login: login(stack) }) }))
      .toThrow(`App/UserSync: got ${call} through standard proxy App/Instance/Proxy, which logs in with a password, and no user whom IAM lets in (rds_iam) can do that, expected another login or another proxy: use DatabaseLogin.secret() with one of the proxy's secrets, or give the proxy defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH`);
  });

  test('fails on a secret where the proxy takes tokens alone', () => {
    const stack = newStack();
    const { proxy, secret } = standard(stack, { iamAuth: true });
    expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, login: DatabaseLogin.secret(secret) }) })).toThrow('got DatabaseLogin.secret() through proxy App/Instance/Proxy with iamAuth: true, which takes no password from the functions');
  });

  test('fails where it is said to be another kind', () => {
    const stack = newStack();
    const { proxy } = standard(stack);
    expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, endToEndIam: true }) })).toThrow('got endToEndIam: true for proxy App/Instance/Proxy, whose defaultAuthScheme says NONE');
  });
});

describe('a proxy with end-to-end IAM', () => {
  const synced = (props: (built: ReturnType<typeof endToEnd>) => Partial<ProxyDatabaseProps> = () => ({})) => {
    const stack = newStack();
    const built = endToEnd(stack);
    syncIn(stack, { database: UserDatabase.fromProxy(built.proxy, { ...iamProps, ...props(built) }) });
    return stack;
  };
  const connectTo = (resourceId: unknown, user = 'user_sync') => expect.objectContaining({
    Action: 'rds-db:connect', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds-db:eu-west-1:111122223333:dbuser:', resourceId, `/${user}`]] },
  });

  test('is logged in to by IAM', () => {
    expect(planOf(synced()).database).toMatchObject({ host: HOST, port: 5432, login: { iamUser: 'user_sync' } });
  });

  test('lets the functions connect as that user, by the id of the proxy', () => {
    const id = { 'Fn::Select': [6, { 'Fn::Split': [':', { 'Fn::GetAtt': [expect.stringMatching(/^ClusterProxy/), 'DBProxyArn'] }] }] };
    expect(statementsOf(synced()).slice(2, -1)).toEqual([connectTo(id)]);
  });

  test('may connect to the database that is named, which takes IAM', () => {
    const stack = synced(({ cluster }) => ({ cluster }));
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^ClusterProxyIAMRole') }] } });
    expect(Object.values(policies).flatMap((policy) => policy.Properties.PolicyDocument.Statement)).toEqual([connectTo({ 'Fn::GetAtt': ['ClusterEB0386A7', 'DBClusterResourceId'] })]);
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBCluster', { EnableIAMDatabaseAuthentication: true });
  });

  test('has the login created at the database itself', () => {
    const stack = synced(({ cluster }) => ({ cluster, login: DatabaseLogin.created({ administrator: cluster.secret!, userName: 'user_sync' }) }));
    expect(planOf(stack, 'Inspector')).toMatchObject({
      database: { host: HOST, login: { iamUser: 'user_sync' } },
      creation: { userName: 'user_sync', host: '<ClusterEB0386A7.Endpoint.Address>', databaseName: 'app', region: 'eu-west-1' },
    });
    const [group] = functionOf(stack, 'Inspector').Properties.VpcConfig.SecurityGroupIds;
    expect(ingressFrom(stack, group).map(({ GroupId }) => GroupId)).toEqual(expect.arrayContaining([
      { 'Fn::GetAtt': [expect.stringMatching(/^ClusterProxyProxySecurityGroup/), 'GroupId'] },
      { 'Fn::GetAtt': [expect.stringMatching(/^ClusterSecurityGroup/), 'GroupId'] },
    ]));
  });

  test('may stand in front of an instance', () => {
    const stack = newStack();
    const instance = instanceIn(stack);
    const proxy = instance.addProxy('Proxy', { vpc: instance.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH });
    syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, instance }) });
    expect(synthError(stack)).toBe('');
    Template.fromStack(stack).hasResourceProperties('AWS::RDS::DBInstance', { EnableIAMDatabaseAuthentication: true });
  });

  test('leaves a role of the user\'s own to them', () => {
    const stack = newStack();
    const role = new iam.Role(stack, 'ProxyRole', { assumedBy: new iam.ServicePrincipal('rds.amazonaws.com') });
    const { proxy, cluster } = endToEnd(stack, { role });
    syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, cluster }) });
    Template.fromStack(stack).resourcePropertiesCountIs('AWS::IAM::Policy', { Roles: [stack.resolve(role.roleName)] }, 0);
  });

  test('fails on a secret', () => {
    expect(() => synced(({ cluster }) => ({ login: DatabaseLogin.secret(cluster.secret!) })))
      .toThrow('App/UserSync: got DatabaseLogin.secret() through proxy App/Cluster/Proxy with end-to-end IAM authentication, which takes no password, expected a login by IAM: use DatabaseLogin.created() or DatabaseLogin.iam()');
  });

  test('fails on a login to create at a database that is not named', () => {
    expect(() => synced(({ cluster }) => ({ login: DatabaseLogin.created({ administrator: cluster.secret!, userName: 'user_sync' }) })))
      .toThrow('got DatabaseLogin.created() through proxy App/Cluster/Proxy, expected to know the database behind it, where the login is created: pass it as instance or cluster');
  });

  test('fails on the master user of the database that is named', () => {
    expect(() => synced(({ cluster }) => ({ cluster, login: DatabaseLogin.iam('postgres') }))).toThrow('which is the master user of App/Cluster');
  });

  test('fails where the database that is named refuses IAM', () => {
    const stack = newStack();
    const cluster = clusterIn(stack, { iamAuthentication: false });
    const proxy = cluster.addProxy('Proxy', { vpc: cluster.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH });
    expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, cluster }) })).toThrow('got App/Cluster with iamAuthentication: false');
  });
});

test('another port is where the functions connect, and what the proxy lets in', () => {
  const stack = newStack();
  const { proxy } = endToEnd(stack);
  syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, port: 6432 }) });
  expect(planOf(stack).database.port).toBe(6432);
  const [group] = triggerFunctionOf(stack).Properties.VpcConfig.SecurityGroupIds;
  expect(ingressFrom(stack, group)).toMatchObject([{ FromPort: 6432, ToPort: 6432 }]);
});

test('fails on a proxy of another engine', () => {
  const stack = newStack();
  const instance = instanceIn(stack, { engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_0 }) });
  const proxy = instance.addProxy('Proxy', { vpc: instance.vpc, secrets: [instance.secret!] });
  expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, login: DatabaseLogin.secret(secretIn(stack)) }) })).toThrow('got proxy App/Instance/Proxy of engine family MYSQL, expected POSTGRESQL');
});

test('fails on a database of another engine that is named', () => {
  const stack = newStack();
  const { proxy } = endToEnd(stack);
  const cluster = clusterIn(newStack('Other'), { engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }) });
  expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, cluster }) })).toThrow('got Other/Cluster with engine aurora-mysql, expected PostgreSQL');
});

test('fails on an instance and a cluster behind the same proxy', () => {
  const stack = newStack();
  const { proxy, cluster } = endToEnd(stack);
  const instance = instanceIn(newStack('Other'));
  expect(() => syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, cluster, instance }) })).toThrow('got both instance Other/Instance and cluster App/Cluster');
});

describe('imported', () => {
  const attributes: rds.DatabaseProxyAttributes = {
    dbProxyName: 'users', dbProxyArn: 'arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0abc', endpoint: 'users.proxy-0abc.eu-west-1.rds.amazonaws.com', securityGroups: [],
  };
  const synced = (props: (stack: Stack) => Partial<ProxyDatabaseProps>, given: object = attributes) => {
    const stack = newStack();
    const proxy = rds.DatabaseProxy.fromDatabaseProxyAttributes(stack, 'Imported', given as never);
    const sync = syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, ...props(stack) }) });
    return { stack, sync };
  };

  test('a standard proxy works with a VPC and a secret', () => {
    const { stack } = synced((scope) => ({ vpc: vpcIn(scope), login: DatabaseLogin.secret(secretIn(scope)) }));
    expect(planOf(stack).database).toMatchObject({ host: attributes.endpoint, port: 5432, login: { secretArn: expect.any(String) } });
  });

  test('one with end-to-end IAM works where that is said', () => {
    const { stack } = synced((scope) => ({ vpc: vpcIn(scope), endToEndIam: true }));
    expect(planOf(stack).database).toMatchObject({ login: { iamUser: 'user_sync' } });
    expect(JSON.stringify(statementsOf(stack))).toContain(':dbuser:prx-0abc/user_sync');
  });

  test('its security groups let the functions in, where they are told', () => {
    const { stack } = synced((scope) => ({ vpc: vpcIn(scope), endToEndIam: true, proxySecurityGroups: [ec2.SecurityGroup.fromSecurityGroupId(scope, 'Group', 'sg-1')] }));
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-1', FromPort: 5432 });
  });

  test('otherwise the sync\'s connections are there to be let in', () => {
    const { stack, sync } = synced((scope) => ({ vpc: vpcIn(scope), endToEndIam: true }));
    expect(ingressFrom(stack, stack.resolve(sync.connections.securityGroups[0].securityGroupId))).toEqual([]);
  });

  test('the login may be created at an imported cluster', () => {
    const { stack } = synced((scope) => ({
      vpc: vpcIn(scope),
      endToEndIam: true,
      cluster: rds.DatabaseCluster.fromDatabaseClusterAttributes(scope, 'Cluster', { clusterIdentifier: 'users', clusterEndpointAddress: 'db.example.com', port: 5433 }),
      login: DatabaseLogin.created({ administrator: secretIn(scope), userName: 'user_sync' }),
    }));
    expect(planOf(stack, 'Inspector').creation).toEqual({ userName: 'user_sync', host: 'db.example.com', port: 5433, databaseName: 'app', region: 'eu-west-1' });
  });

  test.each([
    ['without a VPC', () => ({ endToEndIam: true }), attributes, 'got imported database App/Imported, which does not know its VPC: pass the VPC that it runs in as vpc'],
    ['on IAM login where it is not said to be end-to-end', (stack: Stack) => ({ vpc: vpcIn(stack) }), attributes, 'got DatabaseLogin.iam() through standard proxy App/Imported'],
    ['without its endpoint', () => ({}), { ...attributes, endpoint: undefined }, 'got imported proxy App/Imported without endpoint: pass it to fromDatabaseProxyAttributes'],
    ['without its ARN', () => ({}), { ...attributes, dbProxyArn: undefined }, 'got imported proxy App/Imported with dbProxyArn undefined, expected arn:…:db-proxy:prx-…'],
    ['with its name as ARN', () => ({}), { ...attributes, dbProxyArn: 'users' }, 'got imported proxy App/Imported with dbProxyArn users'],
    ['with an ARN of every proxy', () => ({}), { ...attributes, dbProxyArn: 'arn:aws:rds:eu-west-1:111122223333:db-proxy:*' }, 'got imported proxy App/Imported with dbProxyArn'],
  ])('fails %s', (_, props, given, message) => {
    expect(() => synced(props, given)).toThrow(`App/UserSync: ${message}`);
  });
});

/** What the group may reach, from security groups of the template. */
function ingressFrom(stack: Stack, group: unknown): any[] {
  const rules = Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress', { Properties: { SourceSecurityGroupId: group } });
  return Object.values(rules).map(({ Properties: { GroupId, FromPort, ToPort } }) => ({ GroupId, FromPort, ToPort }));
}
