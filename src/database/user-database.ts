import type { aws_dsql as dsql, aws_dynamodb as dynamodb, aws_rds as rds, aws_secretsmanager as secretsmanager, aws_ssm as ssm } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { AnyPostgresProps } from './any-postgres';
import { rdsCluster } from './cluster-database';
import { bindDataApi, bindDataApiArn, type DataApiDatabaseProps } from './data-api-database';
import type { DatabaseBinding } from './database-binding';
import { bindDsql, bindDsqlArn, type DsqlDatabaseProps } from './dsql-database';
import { bindDynamoDb, type DynamoDbTableProps } from './dynamo-db-table';
import { rdsInstance } from './instance-database';
import { bindParameter } from './parameter-database';
import { bindProxy, type ProxyDatabaseProps } from './proxy-database';
import { bindRdsDatabase, type RdsDatabaseProps } from './rds-database';
import { bindSecret, type SecretDatabaseProps } from './secret-database';
import { bindUserService, type UserServiceProps } from './user-service';

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
    return new UserDatabase((scope) => bindRdsDatabase(scope, rdsInstance(instance), props));
  }

  /**
   * A cluster of Aurora PostgreSQL, provisioned or serverless, written through its writer endpoint.
   *
   * The functions that write run in the cluster's VPC, and the cluster's security groups let them in. A cluster that may
   * pause takes longer to wake up than sign-up waits: it needs `Delivery.queued()`.
   */
  public static fromCluster(cluster: rds.IDatabaseCluster, props: RdsDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindRdsDatabase(scope, rdsCluster(cluster), props));
  }

  /**
   * An RDS Proxy in front of an instance or a cluster.
   *
   * A standard proxy logs in with the password of one of its secrets, which is the login here: `DatabaseLogin.secret()`. One
   * with end-to-end IAM authentication (`DefaultAuthScheme.IAM_AUTH`) takes `DatabaseLogin.iam()`, and
   * `DatabaseLogin.created()` where `instance` or `cluster` names the database behind it.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html
   */
  public static fromProxy(proxy: rds.IDatabaseProxy, props: ProxyDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindProxy(scope, proxy, props));
  }

  /**
   * A cluster of Aurora DSQL. The functions log in by their own IAM roles, and run in no VPC unless one is given.
   *
   * @see https://docs.aws.amazon.com/aurora-dsql/latest/userguide/what-is-aurora-dsql.html
   */
  public static fromDsql(cluster: dsql.CfnCluster, props: DsqlDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindDsql(scope, cluster, props));
  }

  /**
   * A cluster of Aurora DSQL that this app did not define.
   *
   * @param clusterArn is `arn:aws:dsql:<region>:<account>:cluster/<identifier>`
   */
  public static fromDsqlArn(clusterArn: string, props: DsqlDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindDsqlArn(scope, clusterArn, props));
  }

  /**
   * A cluster of Aurora PostgreSQL by the RDS Data API, which is HTTPS: no function runs in a VPC.
   *
   * The Data API is enabled on a cluster of the same app that does not say otherwise. One that may pause needs
   * `Delivery.queued()`.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html
   */
  public static fromDataApi(cluster: rds.IDatabaseCluster, props: DataApiDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindDataApi(scope, cluster, props));
  }

  /**
   * A cluster by the RDS Data API that this app does not know. Its Data API must be enabled.
   *
   * @param clusterArn is `arn:aws:rds:<region>:<account>:cluster:<identifier>`
   */
  public static fromDataApiArn(clusterArn: string, props: DataApiDatabaseProps): UserDatabase {
    return new UserDatabase(() => bindDataApiArn(clusterArn, props));
  }

  /**
   * Any PostgreSQL, wherever it runs, by a secret that tells how to reach it and how to log in.
   *
   * For a database inside a VPC pass `vpc`, and let the functions in yourself: the sync's `connections` are its
   * security groups. One with a certificate authority of its own needs `certificateAuthorities`.
   *
   * @param secret is a connection URL (`postgresql://user:password@host:5432/database`), or has the JSON fields `host`,
   * `port`, `dbname`, `username` and `password` that RDS gives it, or has a connection URL in the JSON field `field`
   */
  public static fromSecret(secret: secretsmanager.ISecret, props: SecretDatabaseProps): UserDatabase {
    return new UserDatabase((scope) => bindSecret(scope, secret, props));
  }

  /**
   * Any PostgreSQL, wherever it runs, by a parameter of Systems Manager. Otherwise as with `fromSecret`.
   *
   * @param parameter is a SecureString that holds a connection URL (`postgresql://user:password@host:5432/database`),
   * imported by `ssm.StringParameter.fromSecureStringParameterAttributes`
   */
  public static fromParameter(parameter: ssm.IParameter, props: AnyPostgresProps): UserDatabase {
    return new UserDatabase((scope) => bindParameter(scope, parameter, props));
  }

  /**
   * A table of DynamoDB, one item for each user. The functions run in no VPC, and may update items of this table and
   * nothing else.
   *
   * The columns of the mapping are attributes, of any name: texts, dates and timestamps are strings (ISO 8601, which
   * sorts), `ColumnKind.INTEGER` and `NUMERIC` numbers, `BOOLEAN` a boolean, `JSON` a map or list. What Cognito does not
   * know of a user is no attribute at all, and one that had a value is removed: in a key of an index there is no NULL.
   * An item that is there keeps every attribute that is not mapped. `ColumnWrite.WHILE_NULL` writes where the attribute is
   * missing: one of DynamoDB's type NULL counts as the application's.
   *
   * A table for many kinds of things works by a prefix and a constant: `ColumnValue.sub({ prefix: 'USER#' })` for its
   * partition key, `ColumnValue.constant('PROFILE')` for its sort key.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html
   * @param table may be one in another Region, as a replica (`table.replica('us-east-1')`) or by its ARN; one in another
   * account, by its ARN, needs a policy of its own that lets the functions' roles in
   */
  public static dynamoDb(table: dynamodb.ITable, props: DynamoDbTableProps = {}): UserDatabase {
    return new UserDatabase((scope) => bindDynamoDb(scope, table, props));
  }

  /**
   * An application's own service, which keeps the users itself, by HTTPS. Each column is a field of a JSON object.
   *
   * The service must take a `PUT` to the user's key below the URL, which makes the user or sets the fields that it has; with
   * `UserServiceMethod.POST` a `POST` to the URL itself, which makes the user. A request may come twice, with the same
   * `Idempotency-Key`. Columns with `ColumnWrite.ON_INSERT` need a service that honours `If-None-Match: *` with 412.
   *
   * For a service inside a VPC pass `vpc`, and let the functions in yourself: the sync's `connections` are its security
   * groups.
   *
   * @see https://www.rfc-editor.org/rfc/rfc9110.html#name-put
   * @param url is that of all users, such as `https://users.example.com/api/v1/users`. May be a token, as that of an API
   */
  public static userService(url: string, props: UserServiceProps = {}): UserDatabase {
    return new UserDatabase((scope) => bindUserService(scope, url, props));
  }

  private constructor(private readonly bind: (scope: Construct) => DatabaseBinding) {}

  /** @internal */
  public _bind(scope: Construct): DatabaseBinding {
    return this.bind(scope);
  }
}
