import { ArnFormat, Stack, Token, type aws_dsql as dsql } from 'aws-cdk-lib';
import type { Construct, IDependable } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { checkUserName } from './user-name';
import { tablePlan, type UserTableProps } from './user-table';
import { optionalPlacement, type VpcPlacementProps } from './vpc-placement';
import { allow } from '../functions/allow';

/**
 * The users table in a cluster of Aurora DSQL, whose only database is `postgres`.
 */
export interface DsqlDatabaseProps extends UserTableProps, VpcPlacementProps {
  /**
   * Name of the PostgreSQL user that the functions log in as, by their own IAM roles: never `admin`. The user needs
   * `INSERT`, `UPDATE` and `SELECT` on the table, and has to be granted to the role of each function once:
   * `AWS IAM GRANT user_sync TO '<ARN of the role>'`.
   *
   * @see https://docs.aws.amazon.com/aurora-dsql/latest/userguide/using-database-and-iam-roles.html
   */
  readonly userName: string;

  /**
   * Host name of the cluster, where it is another than its public one, as with AWS PrivateLink.
   *
   * @default - the cluster's public endpoint
   */
  readonly endpoint?: string;
}

interface DsqlCluster {
  readonly arn: string;
  readonly region: string;
  readonly host: string;
  readonly dependencies: readonly IDependable[];
}

/** A cluster of the same app. */
export function bindDsql(scope: Construct, cluster: dsql.CfnCluster, props: DsqlDatabaseProps): DatabaseBinding {
  return bindDsqlCluster(scope, { arn: cluster.attrResourceArn, region: Stack.of(cluster).region, host: cluster.attrEndpoint, dependencies: [cluster] }, props);
}

/** Any other cluster. */
export function bindDsqlArn(scope: Construct, arn: string, props: DsqlDatabaseProps): DatabaseBinding {
  if (!Token.isUnresolved(arn) && !/^arn:[^:]+:dsql:[^:]+:\d{12}:cluster\/[a-z0-9]+$/.test(arn)) {
    throw new Error(`got ${JSON.stringify(arn)} as ARN of a DSQL cluster, expected arn:aws:dsql:<region>:<account>:cluster/<identifier>: copy it from the cluster's page`);
  }
  const { region, resourceName } = Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME);
  return bindDsqlCluster(scope, { arn, region: region!, host: `${resourceName}.dsql.${region}.on.aws`, dependencies: [] }, props);
}

function bindDsqlCluster(scope: Construct, { arn, region, host, dependencies }: DsqlCluster, props: DsqlDatabaseProps): DatabaseBinding {
  checkUserName(props.userName, "userName: 'user_sync'");
  if (props.userName === 'admin') {
    throw new Error('got userName "admin", who may do anything in a DSQL cluster, expected a user for the sync alone: create one that may write the mapped columns, and name it');
  }
  return {
    plan: { kind: 'dsql', ...tablePlan(props), host: props.endpoint ?? host, region, user: props.userName },
    placement: optionalPlacement(scope, props),
    dependencies,
    connect: (fn) => allow(fn, ['dsql:DbConnect'], arn),
  };
}
