import { Aspects, aws_rds as rds, type Stack } from 'aws-cdk-lib';
import { clusterIn, iamProps, newStack, secretIn, syncIn } from './stacks';
import { synthError } from './synth-errors';
import { Delivery, UserDatabase, type CognitoUserSyncProps } from '../../src';

const kinds = {
  'UserDatabase.fromCluster': (cluster: rds.DatabaseCluster) => UserDatabase.fromCluster(cluster, iamProps),
  'UserDatabase.fromDataApi': (cluster: rds.DatabaseCluster, stack: Stack) => UserDatabase.fromDataApi(cluster, { databaseName: 'app', table: 'users', secret: secretIn(stack) }),
};

const synced = (bind: typeof kinds['UserDatabase.fromCluster' | 'UserDatabase.fromDataApi'], clusterProps: Partial<rds.DatabaseClusterProps>, props: Partial<CognitoUserSyncProps> = {}) => {
  const stack = newStack();
  const cluster = clusterIn(stack, clusterProps);
  syncIn(stack, { database: bind(cluster, stack), ...props });
  return { stack, cluster };
};

describe.each(Object.entries(kinds))('%s', (_, bind) => {
  test.each([{}, { relay: true }])('fails on a cluster that may pause, written while sign-up waits: %j', (props) => {
    if (props.relay && bind === kinds['UserDatabase.fromDataApi']) return;
    const { stack } = synced(bind, { serverlessV2MinCapacity: 0 }, props);
    expect(synthError(stack)).toMatch(/\[App\/UserSync\] got a cluster that may pause \(serverlessV2MinCapacity: 0.*Delivery\.queued\(\).*serverlessV2MinCapacity: 0\.5.*RDS Proxy/);
  });

  test('takes one with queued delivery', () => {
    expect(synthError(synced(bind, { serverlessV2MinCapacity: 0 }, { delivery: Delivery.queued() }).stack)).toBe('');
  });

  test('takes one that never pauses', () => {
    expect(synthError(synced(bind, {}).stack)).toBe('');
  });

  test('takes one whose writer is provisioned, whatever its readers do', () => {
    const { stack } = synced(bind, { serverlessV2MinCapacity: 0, writer: rds.ClusterInstance.provisioned('Writer'), readers: [rds.ClusterInstance.serverlessV2('Reader')] });
    expect(synthError(stack)).toBe('');
  });

  test('fails where a serverless writer has provisioned readers', () => {
    const { stack } = synced(bind, { serverlessV2MinCapacity: 0, readers: [rds.ClusterInstance.provisioned('Reader')] });
    expect(synthError(stack)).toContain('a cluster that may pause');
  });

  test('takes one that a proxy keeps awake, wherever in the app that is', () => {
    const { stack, cluster } = synced(bind, { serverlessV2MinCapacity: 0 });
    const other = newStack('Other', undefined, stack.node.root as never);
    targetGroupIn(other, cluster.clusterIdentifier);
    expect(synthError(stack)).toBe('');
  });

  test('takes one that a proxy keeps awake which was defined by hand', () => {
    const { stack, cluster } = synced(bind, { serverlessV2MinCapacity: 0 });
    targetGroupIn(stack, (cluster.node.defaultChild as rds.CfnDBCluster).ref);
    expect(synthError(stack)).toBe('');
  });

  test('fails where the proxy stands in front of another cluster', () => {
    const { stack } = synced(bind, { serverlessV2MinCapacity: 0 });
    const other = clusterIn(newStack('Other', undefined, stack.node.root as never));
    other.addProxy('Proxy', { vpc: other.vpc, secrets: [other.secret!] });
    expect(synthError(stack)).toContain('a cluster that may pause');
  });

  test('fails where an aspect or override lets it pause later', () => {
    const { stack, cluster } = synced(bind, {});
    Aspects.of(stack).add({ visit: (node) => { if (node === cluster.node.defaultChild) (node as rds.CfnDBCluster).addPropertyOverride('ServerlessV2ScalingConfiguration.MinCapacity', 0); } });
    expect(synthError(stack)).toContain('a cluster that may pause');
  });
});

test('a cluster behind the proxy that the sync writes through is awake', () => {
  const stack = newStack();
  const cluster = clusterIn(stack, { serverlessV2MinCapacity: 0 });
  const proxy = cluster.addProxy('Proxy', { vpc: cluster.vpc, defaultAuthScheme: rds.DefaultAuthScheme.IAM_AUTH });
  syncIn(stack, { database: UserDatabase.fromProxy(proxy, { ...iamProps, cluster }) });
  expect(synthError(stack)).toBe('');
});

function targetGroupIn(stack: Stack, clusterIdentifier: string): void {
  new rds.CfnDBProxyTargetGroup(stack, 'Targets', { dbProxyName: 'proxy', targetGroupName: 'default', dbClusterIdentifiers: [clusterIdentifier] });
}
