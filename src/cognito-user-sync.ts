import { aws_logs as logs, type aws_cognito as cognito, type aws_ec2 as ec2, type aws_lambda as lambda } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { warnOfAuthorizationColumns } from './columns/authorization-columns';
import { columnMapping } from './columns/column-mapping';
import type { ColumnValue } from './columns/column-value';
import type { UserDatabase } from './database/user-database';
import { StackCycleCheck } from './stack-cycle-check';
import { planEnvironment } from './trigger/plan-environment';
import { attachPostConfirmationTrigger } from './trigger/post-confirmation-trigger';
import { triggerFunction } from './trigger/trigger-function';

/**
 * Which users are written where.
 */
export interface CognitoUserSyncProps {
  /**
   * The user pool. It must belong to this app, and have no post-confirmation trigger yet.
   */
  readonly userPool: cognito.IUserPool;

  /**
   * The database that holds the users table.
   */
  readonly database: UserDatabase;

  /**
   * Column → where its value comes from. Columns that are not listed belong to the application and are never touched.
   *
   * Names are checked and keep their case, as with ORMs: `userId` is the column `"userId"`. They cannot be tokens.
   * All columns together, as JSON, must fit the 4,096 bytes of a function's environment; tokens in values count as
   * nothing, since their length is known at deployment only.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  readonly columns: { [column: string]: ColumnValue };

  /**
   * Memory of the trigger function, in MB. Lambda gives CPU by memory, and somebody who signs up waits for the cold
   * start: with less, the TLS handshake and the login take noticeably longer.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * Log group of the trigger function.
   *
   * @default - a new one that keeps log lines for one month
   */
  readonly logGroup?: logs.ILogGroup;
}

/**
 * Writes every user that a Cognito user pool confirms to a table of PostgreSQL: one user, one row.
 *
 * Attaches a prebuilt post-confirmation trigger to the pool: no bundler and no Docker is needed. Sign-up never fails
 * because of it.
 *
 * The pool, the sync and the database may share one stack; or the sync may stand in the pool's stack, in the
 * database's, or in a third, as long as no stack ends up depending on itself.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 */
export class CognitoUserSync extends Construct implements ec2.IConnectable {
  /** The function that Cognito calls. Grant it no access to the user pool: the two would depend on each other. */
  public readonly triggerFunction: lambda.IFunction;

  /** Where the trigger function logs. */
  public readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string, props: CognitoUserSyncProps) {
    super(scope, id);
    try {
      const database = props.database._bind(this);
      const columns = columnMapping(props.columns, database.plan.key);
      warnOfAuthorizationColumns(this, columns);
      this.logGroup = props.logGroup ?? new logs.LogGroup(this, 'LogGroup', { retention: logs.RetentionDays.ONE_MONTH });
      this.triggerFunction = triggerFunction(this, {
        environment: planEnvironment(this, { database: database.plan, columns }),
        placement: database.placement,
        logGroup: this.logGroup,
        memorySize: props.memorySize ?? 512,
      });
      database.connect(this.triggerFunction);
      attachPostConfirmationTrigger(props.userPool, this.triggerFunction);
    } catch (error) {
      // What is below does not know which sync it is about.
      throw new Error(`${this.node.path}: ${(error as Error).message}`, { cause: error });
    }
    new StackCycleCheck(this);
  }

  /**
   * The trigger function's security groups, to let it in to a database that the construct does not know.
   *
   * @throws for a function that runs in no VPC
   */
  public get connections(): ec2.Connections {
    return this.triggerFunction.connections;
  }
}
