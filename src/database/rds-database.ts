import { type aws_ec2 as ec2, type IResource, type aws_iam as iam, type aws_rds as rds, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding, LoginCreation } from './database-binding';
import type { DatabaseLogin } from './database-login';
import { requireIamAuthentication } from './database-setting';
import { checkMasterUser } from './master-user';
import { ownCertificates, warnOfMissingCertificates, type CertificateAuthorityProps } from './own-certificates';
import { tablePlan, type UserTableProps } from './user-table';
import { vpcPlacement, warnOfUnreachable, type VpcPlacementProps } from './vpc-placement';
import { openWay } from './way';
import type { IamLogin, SecretLogin } from '../private/plan';

/**
 * The users table in an RDS instance or an Aurora cluster.
 */
export interface RdsDatabaseProps extends UserTableProps, VpcPlacementProps, CertificateAuthorityProps {
  /**
   * Name of the database that holds the table. May be a token.
   */
  readonly databaseName: string;

  /**
   * How the functions log in: `DatabaseLogin.iam()`, `DatabaseLogin.secret()` or `DatabaseLogin.created()`.
   */
  readonly login: DatabaseLogin;
}

/** What an instance and a cluster have in common. */
export interface RdsDatabase {
  readonly resource: IResource & ec2.IConnectable;
  /** @throws a plain `Error` for an imported one whose importer did not say it */
  readonly endpoint: rds.Endpoint;
  readonly engine?: rds.IEngine;
  readonly vpc?: ec2.IVpc;
  /** Of the master user. */
  readonly secret?: secretsmanager.ISecret;
  readonly isPausing?: () => boolean;
  grantConnect(grantee: iam.IGrantable, userName: string): void;
}

/** @throws a plain `Error` that says what was got, what is expected and how to mend it */
export function bindRdsDatabase(scope: Construct, database: RdsDatabase, props: RdsDatabaseProps): DatabaseBinding {
  const { resource, endpoint, isPausing } = database;
  checkEngine(database);
  const certificates = ownCertificates(props);
  warnOfMissingCertificates(scope, resource.env.region, certificates);
  const placement = vpcPlacement(scope, vpcOf(resource, props.vpc ?? database.vpc), props);
  const login = loginPlan(props);
  checkMasterUser(scope, login, database);
  if ('secretArn' in login) warnOfUnreachable(scope, placement, 'Secrets Manager');
  else requireIamAuthentication(scope, resource);
  return {
    plan: {
      kind: 'postgres',
      ...tablePlan(props),
      host: endpoint.hostname,
      port: endpoint.port,
      databaseName: props.databaseName,
      region: resource.env.region,
      ...(certificates !== undefined && { ownCertificates: true }),
      login,
    },
    placement,
    certificates,
    dependencies: [resource],
    isPausing,
    creation: loginCreation(database, props),
    connect(fn) {
      props.login._grant(fn, (userName) => database.grantConnect(fn, userName));
      openWay(fn, resource, endpoint.port, 'Users table of cognito-user-sync');
    },
  };
}

/** @throws a plain `Error` where there is none, as callers of JavaScript may forget it */
export function loginPlan({ login }: Pick<RdsDatabaseProps, 'login'>): SecretLogin | IamLogin {
  if (!login) throw new Error('got no login, expected one that is for the sync alone: pass DatabaseLogin.created(), DatabaseLogin.iam() or DatabaseLogin.secret() as login');
  return login._plan();
}

/** How a login is created at the instance or cluster; undefined for one that is there. */
export function loginCreation({ resource, endpoint }: RdsDatabase, { login, databaseName, certificateAuthorities }: Pick<RdsDatabaseProps, 'login' | 'databaseName' | 'certificateAuthorities'>): LoginCreation | undefined {
  const plan = login._plan();
  if (!login._administrator || !('iamUser' in plan)) return undefined;
  return {
    administrator: login._administrator,
    plan: {
      userName: plan.iamUser,
      host: endpoint.hostname,
      port: endpoint.port,
      databaseName,
      region: resource.env.region,
      ...(certificateAuthorities !== undefined && { ownCertificates: true }),
    },
    reach: (fn) => openWay(fn, resource, endpoint.port, 'Login of cognito-user-sync is created'),
  };
}

/** @throws a plain `Error` for an imported database that nobody knows the VPC of */
export function vpcOf({ node }: IResource, vpc: ec2.IVpc | undefined): ec2.IVpc {
  if (vpc === undefined) {
    throw new Error(`got imported database ${node.path}, which does not know its VPC: pass the VPC that it runs in as vpc`);
  }
  return vpc;
}

/** @throws a plain `Error` for anything but PostgreSQL */
export function checkEngine({ resource, engine }: Pick<RdsDatabase, 'resource' | 'engine'>): void {
  if (engine?.engineFamily !== undefined && engine.engineFamily !== 'POSTGRESQL') {
    throw new Error(`got ${resource.node.path} with engine ${engine.engineType}, expected PostgreSQL: use a database with engine postgres or aurora-postgresql`);
  }
}
