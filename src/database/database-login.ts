import { Token, type aws_iam as iam, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { grantSecretRead } from './secret-grant';
import type { IamLogin, SecretLogin } from '../private/plan';

/**
 * How the functions log in to PostgreSQL. There is no default, since that would quietly be the master user.
 *
 * The user needs `INSERT`, `UPDATE` and `SELECT` on the mapped columns, and `USAGE` on the schema, nothing else.
 *
 * @see https://www.postgresql.org/docs/current/sql-grant.html
 */
export abstract class DatabaseLogin {
  /**
   * User name and password from Secrets Manager, read by each function when it connects.
   *
   * The policy of a KMS key of your own must leave the decision to the account's IAM policies, as the CDK's keys do.
   *
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
   * @param secret has `username` and `password` as JSON fields, as the secrets have that RDS and the CDK make
   */
  public static secret(secret: secretsmanager.ISecret): DatabaseLogin {
    return new SecretDatabaseLogin(secret);
  }

  /**
   * The function's own IAM role, without any password. Needs no way out of the VPC.
   *
   * The role is allowed to log in as this user and no other. IAM authentication is enabled on an instance or cluster
   * of the same app that does not say otherwise.
   *
   * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
   * @param userName PostgreSQL user that was granted the role `rds_iam`: never the master user, who would then lose
   * the login by password
   */
  public static iam(userName: string): DatabaseLogin {
    return new IamDatabaseLogin(userName);
  }

  /** @internal */
  public abstract _plan(): SecretLogin | IamLogin;

  /**
   * @internal
   * @param grantConnect allows the function to connect by IAM as the named user
   */
  public abstract _grant(grantee: iam.IGrantable, grantConnect: (userName: string) => void): void;
}

class SecretDatabaseLogin extends DatabaseLogin {
  constructor(private readonly secret: secretsmanager.ISecret) {
    super();
  }

  public _plan(): SecretLogin {
    return { secretArn: this.secret.secretArn };
  }

  public _grant(grantee: iam.IGrantable): void {
    grantSecretRead(this.secret, grantee);
  }
}

class IamDatabaseLogin extends DatabaseLogin {
  constructor(private readonly userName: string) {
    super();
  }

  public _plan(): IamLogin {
    // It becomes part of a policy's resource, where * and ? would stand for other users too.
    if (!Token.isUnresolved(this.userName) && (this.userName === '' || /[*?/]|\$\{/.test(this.userName))) {
      throw new Error(`got IAM user name ${JSON.stringify(this.userName)}, expected one PostgreSQL user, without * ? / or $\{: name the user that was granted rds_iam, as in DatabaseLogin.iam('user_sync')`);
    }
    return { iamUser: this.userName };
  }

  public _grant(_: iam.IGrantable, grantConnect: (userName: string) => void): void {
    grantConnect(this.userName);
  }
}
