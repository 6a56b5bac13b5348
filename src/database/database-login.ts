import { Token, type aws_iam as iam, type aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import { grantSecretRead } from './secret-grant';
import { checkUserName } from './user-name';
import type { IamLogin, SecretLogin } from '../private/plan';

/**
 * A login that is created at deployment.
 */
export interface CreatedLoginProps {
  /**
   * Secret of a user who may create others, such as the master user's: `instance.secret`. One function reads it, at
   * deployment; the functions that write users never do.
   */
  readonly administrator: secretsmanager.ISecret;

  /**
   * Name of the PostgreSQL user to create, such as `user_sync`. A user who is there already is given what is missing.
   */
  readonly userName: string;
}

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
    return new IamDatabaseLogin(userName, "DatabaseLogin.iam('user_sync')");
  }

  /**
   * A user of its own, created at deployment: logs in by IAM, may insert, update and select the mapped columns of the
   * table, and nothing else. Nobody has to write SQL, and no function that runs afterwards holds an administrator's login.
   *
   * Grants are only ever added: a table that is there later gets them with the next deployment that changes the sync,
   * and a user who is no longer needed is yours to drop.
   *
   * For `UserDatabase.fromInstance`, `fromCluster`, and `fromProxy` with end-to-end IAM authentication.
   */
  public static created(props: CreatedLoginProps): DatabaseLogin {
    return new CreatedDatabaseLogin(props);
  }

  /** @internal */
  public readonly _administrator?: secretsmanager.ISecret;

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
    if (!this.secret) throw new Error('got DatabaseLogin.secret() without a secret, expected the one that the functions log in by: pass it, or use DatabaseLogin.iam()');
    return { secretArn: this.secret.secretArn };
  }

  public _grant(grantee: iam.IGrantable): void {
    grantSecretRead(this.secret, grantee);
  }
}

class IamDatabaseLogin extends DatabaseLogin {
  constructor(protected readonly userName: string, private readonly call: string) {
    super();
  }

  public _plan(): IamLogin {
    checkUserName(this.userName, this.call);
    return { iamUser: this.userName };
  }

  public _grant(_: iam.IGrantable, grantConnect: (userName: string) => void): void {
    grantConnect(this.userName);
  }
}

class CreatedDatabaseLogin extends IamDatabaseLogin {
  public readonly _administrator: secretsmanager.ISecret;

  constructor({ administrator, userName }: CreatedLoginProps) {
    super(userName, "DatabaseLogin.created({ administrator, userName: 'user_sync' })");
    this._administrator = administrator;
  }

  public _plan(): IamLogin {
    if (!this._administrator) throw new Error('got DatabaseLogin.created() without administrator, expected the secret of a user who may create others: pass instance.secret or cluster.secret');
    const plan = super._plan();
    // https://www.postgresql.org/docs/current/sql-createrole.html: these names are PostgreSQL's own.
    if (!Token.isUnresolved(this.userName) && /^(pg_.*|public|none)$/.test(this.userName)) {
      throw new Error(`got IAM user name ${JSON.stringify(this.userName)}, which PostgreSQL keeps for itself, expected one that can be created: choose another, such as user_sync`);
    }
    return plan;
  }
}
