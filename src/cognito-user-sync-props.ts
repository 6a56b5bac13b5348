import type { aws_cognito as cognito } from 'aws-cdk-lib';
import type { ColumnValue } from './columns/column-value';
import type { UserDatabase } from './database/user-database';
import type { Delivery } from './delivery/delivery';
import type { DeployCheck } from './deploy-check/deploy-check';
import type { MonitoringProps } from './monitoring/monitoring-props';
import type { TriggerAttachment } from './user-pool/trigger-attachment';

/**
 * Which users are written where.
 */
export interface CognitoUserSyncProps extends MonitoringProps {
  /**
   * The user pool. It must have no post-confirmation trigger yet. One that does not belong to this app needs
   * `attach: TriggerAttachment.customResource()`.
   */
  readonly userPool: cognito.IUserPool;

  /**
   * How the pool is told to call the trigger function.
   *
   * @default TriggerAttachment.userPool()
   */
  readonly attach?: TriggerAttachment;

  /**
   * Whether a function looks every hour whether the pool still calls the trigger function, so that an alarm tells where
   * somebody removed or replaced the trigger. It changes nothing.
   *
   * @default true
   */
  readonly triggerGuard?: boolean;

  /**
   * The database that holds the users table.
   */
  readonly database: UserDatabase;

  /**
   * Column → where its value comes from. Columns that are not listed belong to the application and are never touched.
   *
   * Names are checked and keep their case, as with ORMs: `userId` is the column `"userId"`. They cannot be tokens.
   * All columns together, as JSON, must fit the 4,096 bytes of a function's environment beside what else stands there
   * (about 1,000 bytes); tokens in values count as nothing, since their length is known at deployment only.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  readonly columns: { [column: string]: ColumnValue };

  /**
   * When the row is written: while sign-up waits, or afterwards through the queue.
   *
   * @default Delivery.inline()
   */
  readonly delivery?: Delivery;

  /**
   * What a deployment does about a database, table or login that the sync cannot work with.
   *
   * @default DeployCheck.warn()
   */
  readonly check?: DeployCheck;

  /**
   * Whether the functions that call SQS and Cognito stay outside the database's VPC, and write through a small writer
   * function inside it. With `DatabaseLogin.iam()` such a VPC needs neither NAT nor endpoints.
   *
   * Without a relay they run inside the VPC, whose subnets must lead to SQS and Cognito: by NAT, or by interface
   * endpoints for both.
   *
   * @default - a relay where the chosen subnets are not all private ones with egress, and in imported VPCs, of which
   * nobody knows; which one it is and why is told at synth
   */
  readonly relay?: boolean;

  /**
   * How many of the consumer may run at the same time. Each writes up to 1,000 users at once over one connection or two,
   * so that few are enough, and a database that comes back is not flooded. The trigger function is never capped. All of
   * them together read no more than 20 users a second from Cognito, whose quota is 30 for the whole account.
   *
   * From 2 to 1,000.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   * @default 2
   */
  readonly consumerConcurrency?: number;

  /**
   * Concurrency that is reserved for the writer function of a relay: so many connections does the database get at the
   * most. Users who find no writer free wait in the queue.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default - none: sign-ups rarely come at the same time, and what is reserved is taken from the account's other functions
   */
  readonly writerConcurrency?: number;

  /**
   * Memory of the functions that sign-up waits for (the trigger function, and the writer of a relay), in MB. Lambda gives
   * CPU by memory, and somebody who signs up waits for the cold start: with less, the TLS handshake and the login take
   * noticeably longer.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   * @default 512
   */
  readonly memorySize?: number;
}
