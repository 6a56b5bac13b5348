import { aws_ec2 as ec2, Token, type aws_iam as iam, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { rdsCluster } from './cluster-database';
import type { DatabaseBinding } from './database-binding';
import { requireIamAuthentication } from './database-setting';
import { rdsInstance } from './instance-database';
import { checkMasterUser, OTHER_SECRET } from './master-user';
import { ownCertificates, warnOfMissingCertificates } from './own-certificates';
import { checkProxyLogin } from './proxy-login';
import { checkEngine, loginCreation, loginPlan, vpcOf, type RdsDatabase, type RdsDatabaseProps } from './rds-database';
import { templateResource } from './rendered-properties';
import { tablePlan } from './user-table';
import { vpcPlacement, warnOfUnreachable } from './vpc-placement';
import { openWay } from './way';
import type { IamLogin, SecretLogin } from '../private/plan';

/**
 * The users table behind an RDS Proxy.
 */
export interface ProxyDatabaseProps extends RdsDatabaseProps {
  /**
   * Port of the proxy.
   *
   * @default 5432
   */
  readonly port?: number;

  /**
   * Instance behind the proxy. `DatabaseLogin.created()` needs it, or `cluster`, since a login is created at the database
   * itself, and what can be told of the database at synth is told.
   *
   * With end-to-end IAM authentication, IAM authentication is enabled on it, and the role that the CDK made for the proxy
   * may connect to it as the sync's user.
   *
   * @default - not known
   */
  readonly instance?: rds.IDatabaseInstance;

  /**
   * Cluster behind the proxy, likewise.
   *
   * @default - not known
   */
  readonly cluster?: rds.IDatabaseCluster;

  /**
   * Whether an imported proxy authenticates by IAM from end to end (`DefaultAuthScheme.IAM_AUTH`): then the login is
   * `DatabaseLogin.iam()` or `DatabaseLogin.created()`, else `DatabaseLogin.secret()`. A proxy of the same app says so itself.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-iam-setup.html
   * @default false
   */
  readonly endToEndIam?: boolean;

  /**
   * Security groups of an imported proxy, which let the functions in. The CDK's import forgets them.
   *
   * @default - the proxy's own; with an imported proxy none, so that you let `connections` of the sync in
   */
  readonly proxySecurityGroups?: ec2.ISecurityGroup[];
}

/**
 * Through an RDS Proxy. Its certificate is one of Amazon's public ones, which the functions trust for such a host.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html#rds-proxy-security
 */
export function bindProxy(scope: Construct, proxy: rds.IDatabaseProxy, props: ProxyDatabaseProps): DatabaseBinding {
  const { port = 5432 } = props;
  checkAttributes(proxy);
  const target = targetOf(props);
  const login = loginPlan(props);
  checkProxyLogin(proxy, props, login);
  if (target) prepareTarget(scope, proxy, target, login);
  const certificates = ownCertificates(props);
  const creation = target && loginCreation(target, props);
  if (creation) warnOfMissingCertificates(scope, proxy.env.region, certificates);
  const placement = vpcPlacement(scope, vpcOf(proxy, props.vpc ?? vpcOfProxy(proxy) ?? target?.vpc), props);
  if ('secretArn' in login) warnOfUnreachable(scope, placement, 'Secrets Manager');
  return {
    plan: {
      kind: 'postgres',
      ...tablePlan(props),
      host: proxy.endpoint,
      port,
      databaseName: props.databaseName,
      region: proxy.env.region,
      ...(certificates !== undefined && { ownCertificates: true }),
      login,
    },
    placement,
    certificates,
    dependencies: [proxy, ...target ? [target.resource] : []],
    creation,
    connect(fn) {
      props.login._grant(fn, (userName) => proxy.grantConnect(fn, userName));
      const connections = connectionsOf(proxy, props);
      if (connections) openWay(fn, connections, port, 'Users table of cognito-user-sync');
    },
  };
}

function targetOf({ instance, cluster }: ProxyDatabaseProps): RdsDatabase | undefined {
  if (instance && cluster) throw new Error(`got both instance ${instance.node.path} and cluster ${cluster.node.path}, expected the one that stands behind the proxy: leave the other out`);
  if (instance) return rdsInstance(instance);
  return cluster && rdsCluster(cluster);
}

/** What the database behind the proxy needs, so that the proxy gets in. */
function prepareTarget(scope: Construct, proxy: rds.IDatabaseProxy, target: RdsDatabase, login: SecretLogin | IamLogin): void {
  checkEngine(target);
  checkMasterUser(scope, login, target, OTHER_SECRET);
  if (!('iamUser' in login)) return;
  requireIamAuthentication(scope, target.resource);
  // The proxy logs in by its own role, which the CDK lets read secrets alone. A role of the user's own is theirs to grant.
  const role = proxy.node.tryFindChild('IAMRole') as iam.Role | undefined;
  if (role) target.grantConnect(role, login.iamUser);
}

/** @throws a plain `Error` for an imported proxy whose importer did not say enough, as callers of JavaScript may */
function checkAttributes(proxy: rds.IDatabaseProxy): void {
  const { dbProxyArn, endpoint, node } = proxy;
  if (!endpoint) throw new Error(`got imported proxy ${node.path} without endpoint: pass it to fromDatabaseProxyAttributes`);
  if (!Token.isUnresolved(dbProxyArn) && !/:db-proxy:[^:*?]+$/.test(dbProxyArn ?? '')) {
    throw new Error(`got imported proxy ${node.path} with dbProxyArn ${String(dbProxyArn)}, expected arn:…:db-proxy:prx-…, whose last part an IAM policy needs: pass it to fromDatabaseProxyAttributes`);
  }
  const family = templateResource<rds.CfnDBProxy>(proxy)?.engineFamily;
  if (family !== undefined && !Token.isUnresolved(family) && family !== 'POSTGRESQL') {
    throw new Error(`got proxy ${node.path} of engine family ${family}, expected POSTGRESQL: use a proxy of a database with engine postgres or aurora-postgresql`);
  }
}

/** The CDK keeps it to itself. */
function vpcOfProxy(proxy: rds.IDatabaseProxy): ec2.IVpc | undefined {
  return (proxy as { readonly vpc?: ec2.IVpc }).vpc;
}

/** Imported proxies have none, whatever security groups their importer named. */
function connectionsOf(proxy: rds.IDatabaseProxy, { proxySecurityGroups: securityGroups }: ProxyDatabaseProps): ec2.IConnectable | undefined {
  if (securityGroups) return new ec2.Connections({ securityGroups });
  return 'connections' in proxy ? proxy as rds.DatabaseProxy : undefined;
}
