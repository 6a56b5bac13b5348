import { Token, type aws_rds as rds, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { DatabaseBinding } from './database-binding';
import { requireDataApi } from './database-setting';
import { checkMasterUser, OTHER_SECRET } from './master-user';
import { canPause } from './pausing';
import { checkEngine } from './rds-database';
import { grantSecretRead } from './secret-grant';
import { tablePlan, type UserTableProps } from './user-table';
import { allow } from '../functions/allow';

/**
 * The users table in a cluster of Aurora PostgreSQL, written by HTTPS.
 */
export interface DataApiDatabaseProps extends UserTableProps {
  /**
   * Name of the database that holds the table. May be a token.
   */
  readonly databaseName: string;

  /**
   * User name and password of the login, which the Data API reads with the function's permission: it takes no other
   * login. The user needs `INSERT`, `UPDATE` and `SELECT` on the mapped columns, and `USAGE` on the schema, nothing else.
   */
  readonly secret: secretsmanager.ISecret;
}

/** A cluster that the CDK knows. */
export function bindDataApi(scope: Construct, cluster: rds.IDatabaseCluster, props: DataApiDatabaseProps): DatabaseBinding {
  checkEngine({ resource: cluster, engine: cluster.engine });
  const binding = bindDataApiArn(cluster.clusterArn, props);
  checkMasterUser(scope, { secretArn: props.secret.secretArn }, { resource: cluster, secret: (cluster as { readonly secret?: secretsmanager.ISecret }).secret }, OTHER_SECRET);
  requireDataApi(scope, cluster);
  return { ...binding, dependencies: [cluster], isPausing: () => canPause(cluster) };
}

/** Any other cluster. */
export function bindDataApiArn(clusterArn: string, props: DataApiDatabaseProps): DatabaseBinding {
  const { secret, databaseName } = props;
  if (!Token.isUnresolved(clusterArn) && !/^arn:[^:]+:rds:[^:]+:\d{12}:cluster:[^:*?]+$/.test(clusterArn)) {
    throw new Error(`got ${JSON.stringify(clusterArn)} as ARN of a cluster, expected arn:aws:rds:<region>:<account>:cluster:<identifier>: copy it from the cluster's page`);
  }
  if (!secret) {
    throw new Error('got no secret, by which alone the Data API logs in, expected that of a user who may write the mapped columns: pass it as secret, or use UserDatabase.fromCluster() for DatabaseLogin.iam() and DatabaseLogin.created()');
  }
  return {
    plan: { kind: 'dataApi', ...tablePlan(props), clusterArn, secretArn: secret.secretArn, databaseName },
    dependencies: [],
    connect(fn) {
      // The CDK's grantDataApiAccess allows batches and transactions, too.
      allow(fn, ['rds-data:ExecuteStatement'], clusterArn);
      grantSecretRead(secret, fn);
    },
  };
}
