import { aws_ec2 as ec2, type IResource, type aws_iam as iam, type aws_rds as rds } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import type { DatabaseLogin } from './database-login';
import { tablePlan, type UserTableProps } from './user-table';
import { vpcPlacement, warnOfUnreachableSecret, type VpcPlacementProps } from './vpc-placement';

/**
 * The users table in an RDS instance or an Aurora cluster.
 */
export interface RdsDatabaseProps extends UserTableProps, VpcPlacementProps {
  /**
   * Name of the database that holds the table. May be a token.
   */
  readonly databaseName: string;

  /**
   * How the functions log in: `DatabaseLogin.iam()` or `DatabaseLogin.secret()`.
   */
  readonly login: DatabaseLogin;
}

/** What an instance and a cluster have in common. */
export interface RdsDatabase {
  readonly resource: IResource & ec2.IConnectable;
  readonly endpoint: rds.Endpoint;
  readonly engine?: rds.IEngine;
  readonly vpc?: ec2.IVpc;
  grantConnect(grantee: iam.IGrantable, userName: string): void;
}

/** @throws a plain `Error` that says what was got, what is expected and how to mend it */
export function bindRdsDatabase(scope: Construct, database: RdsDatabase, props: RdsDatabaseProps): DatabaseBinding {
  const { resource, endpoint } = database;
  checkEngine(database);
  const placement = vpcPlacement(scope, vpcOf(database, props), props);
  const login = props.login._plan();
  if ('secretArn' in login) warnOfUnreachableSecret(scope, placement);
  return {
    plan: {
      ...tablePlan(props),
      host: endpoint.hostname,
      port: endpoint.port,
      databaseName: props.databaseName,
      region: resource.env.region,
      login,
    },
    placement,
    connect(fn) {
      props.login._grant(fn, (userName) => database.grantConnect(fn, userName));
      fn.connections.allowTo(resource, ec2.Port.tcp(endpoint.port), 'Users table of cognito-user-sync');
    },
  };
}

function checkEngine({ resource, engine }: RdsDatabase): void {
  if (engine?.engineFamily !== undefined && engine.engineFamily !== 'POSTGRESQL') {
    throw new Error(`got ${resource.node.path} with engine ${engine.engineType}, expected PostgreSQL: use a database with engine postgres or aurora-postgresql`);
  }
}

function vpcOf({ resource, vpc }: RdsDatabase, props: RdsDatabaseProps): ec2.IVpc {
  const known = props.vpc ?? vpc;
  if (known === undefined) {
    throw new Error(`got imported database ${resource.node.path}, which does not know its VPC: pass the VPC that it runs in as vpc`);
  }
  return known;
}
