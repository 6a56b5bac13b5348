import type { aws_rds as rds, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { bindCluster } from './cluster-database';
import type { DatabaseBinding } from './database-binding';
import { bindInstance } from './instance-database';
import type { RdsDatabaseProps } from './rds-database';
import { bindSecret, type SecretDatabaseProps } from './secret-database';

/**
 * The database that holds the users table.
 */
export class UserDatabase {
  /**
   * An instance of RDS for PostgreSQL.
   *
   * The functions that write run in the instance's VPC, and the instance's security groups let them in.
   */
  public static fromInstance(instance: rds.IDatabaseInstance, props: RdsDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindInstance(scope, instance, props));
  }

  /**
   * A cluster of Aurora PostgreSQL, written through its writer endpoint.
   *
   * The functions that write run in the cluster's VPC, and the cluster's security groups let them in.
   */
  public static fromCluster(cluster: rds.IDatabaseCluster, props: RdsDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindCluster(scope, cluster, props));
  }

  /**
   * Any PostgreSQL, wherever it runs, by a secret that tells how to reach it and how to log in.
   *
   * For a database inside a VPC pass `vpc`, and let the functions in yourself: the sync's `connections` are its
   * security groups.
   *
   * @param secret is a connection URL (`postgresql://user:password@host:5432/database`), or has the JSON fields `host`,
   * `port`, `dbname`, `username` and `password` that RDS gives it, or has a connection URL in the JSON field `field`
   */
  public static fromSecret(secret: secretsmanager.ISecret, props: SecretDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindSecret(scope, secret, props));
  }

  private constructor(private readonly bind: (scope: Construct) => DatabaseBinding) {}

  /** @internal */
  public _bind(scope: Construct): DatabaseBinding {
    return this.bind(scope);
  }
}
