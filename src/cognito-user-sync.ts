import { aws_ec2 as ec2, Stack, type aws_cloudwatch as cloudwatch, type aws_lambda as lambda, type aws_logs as logs, type aws_sqs as sqs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { CognitoUserSyncProps } from './cognito-user-sync-props';
import { warnOfAuthorizationColumns } from './columns/authorization-columns';
import { columnMapping } from './columns/column-mapping';
import { refusePausing } from './database/pausing';
import { Delivery } from './delivery/delivery';
import { waitingQueues } from './delivery/waiting-queues';
import { DeployCheck } from './deploy-check/deploy-check';
import { tableCheck } from './deploy-check/table-check';
import { CONSUMER_TIMEOUT, consumerFunction } from './functions/consumer-function';
import { needsRelay } from './functions/layout';
import { triggerFunction } from './functions/trigger-function';
import { relayTo, writerFunction } from './functions/writer-function';
import { functionLogs } from './monitoring/function-logs';
import { monitoring } from './monitoring/monitoring';
import type { SyncPlan } from './private/plan';
import { StackCycleCheck } from './stack-cycle-check';
import { checkImmutableColumns } from './user-pool/immutable-columns';
import { TriggerAttachment } from './user-pool/trigger-attachment';
import { triggerGuard } from './user-pool/trigger-guard';
import { allowReadingUsers } from './user-pool/user-directory';

/**
 * Writes every user that a Cognito user pool confirms to a users table, in PostgreSQL or DynamoDB, or to a user service: one
 * user, one row.
 *
 * Attaches a prebuilt post-confirmation trigger to the pool: no bundler and no Docker is needed. A user whose row cannot
 * be written waits in a queue, which a second function writes from. Sign-up never fails because of it, unless
 * `delivery` says so.
 *
 * The pool, the sync and the database may share one stack; or the sync may stand in the pool's stack, in the
 * database's, or in a third, as long as no stack ends up depending on itself. Where one would, and for imported pools,
 * `attach: TriggerAttachment.customResource()` turns the dependency between sync and pool round.
 *
 * What was wrong with database, table or login is told at deployment, with the SQL that mends it: see `check`.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 * @example
 * const userPool = new cognito.UserPool(this, 'UserPool', { selfSignUpEnabled: true });
 *
 * new CognitoUserSync(this, 'UserSync', {
 *   userPool,
 *   database: UserDatabase.fromInstance(instance, {
 *     databaseName: 'app',
 *     table: 'public.users',
 *     login: DatabaseLogin.iam('user_sync'),
 *   }),
 *   columns: {
 *     cognito_user_id: ColumnValue.sub(),
 *     email: ColumnValue.attribute('email'),
 *     display_name: ColumnValue.attribute('name', { write: ColumnWrite.WHILE_NULL }),
 *   },
 * });
 */
export class CognitoUserSync extends Construct implements ec2.IConnectable {
  /** The function that Cognito calls. Grant it no access to the user pool: the two would depend on each other. */
  public readonly triggerFunction: lambda.IFunction;

  /** Where users wait whose row could not be written yet. */
  public readonly queue: sqs.IQueue;

  /** Writes the users who wait in the queue. */
  public readonly consumerFunction: lambda.IFunction;

  /** Where users end who can never be written, until somebody mends the cause and redrives them. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** The function inside the VPC through which the others write; undefined where they write themselves. */
  public readonly writerFunction?: lambda.IFunction;

  /**
   * The function that looks at the table at deployment, as the others do when they write; undefined with
   * `DeployCheck.none()`. Aurora DSQL must know its role, too.
   */
  public readonly inspectorFunction?: lambda.IFunction;

  /** Where the functions log. */
  public readonly logGroup: logs.ILogGroup;

  /** The alarms, to add actions to; none where they are turned off. */
  public readonly alarms: cloudwatch.Alarm[];

  private readonly securityGroups: ec2.ISecurityGroup[];

  constructor(scope: Construct, id: string, props: CognitoUserSyncProps) {
    super(scope, id);
    try {
      const { userPool, consumerConcurrency = 2, memorySize = 512, metrics = true, successLogs = true } = props;
      const bound = props.database._bind(this);
      const mapping = columnMapping(props.columns, { ...bound, key: bound.plan.key });
      const columns = bound.fitColumns?.(mapping) ?? mapping;
      checkImmutableColumns(userPool, columns);
      warnOfAuthorizationColumns(this, columns);
      const plan: SyncPlan = { columns, ...(!metrics && { metrics }), ...(!successLogs && { successLogs }) };
      const logGroup = functionLogs(this, props);
      const queues = waitingQueues(this, CONSUMER_TIMEOUT);

      const writer = needsRelay(this, bound.placement, props)
        ? writerFunction(this, { plan: { columns }, database: bound, logGroup, memorySize, reservedConcurrency: props.writerConcurrency })
        : undefined;
      const database = writer ? relayTo(writer, bound) : bound;
      const delivery = (props.delivery ?? Delivery.inline())._plan();
      if (delivery.mode === 'inline') refusePausing(this, bound);
      const trigger = triggerFunction(this, { plan, delivery, database, queue: queues.queue, logGroup, memorySize });
      const attach = props.attach ?? TriggerAttachment.userPool();
      const poolScope = attach._scope(this, userPool);
      // The pool's stack may depend on the sync's.
      const namesPool = Stack.of(poolScope) === Stack.of(this);
      const consumer = consumerFunction(this, { plan, ...(namesPool && { userPool }), database, queues, trigger, logGroup, concurrency: consumerConcurrency });
      const check = tableCheck(this, { check: props.check ?? DeployCheck.warn(), columns, database: bound, logGroup });
      const attachment = attach._attach(this, { userPool, trigger, logGroup, after: check?.gate });
      allowReadingUsers(poolScope, userPool, consumer.role!);
      const guard = props.triggerGuard === false ? undefined : triggerGuard(this, { scope: poolScope, userPool, trigger, logGroup, after: attachment });

      this.alarms = monitoring(this, { trigger, consumer, writer, guard, ...queues, metrics }, props);
      this.triggerFunction = trigger;
      this.queue = queues.queue;
      this.consumerFunction = consumer;
      this.deadLetterQueue = queues.deadLetterQueue;
      this.writerFunction = writer;
      this.logGroup = logGroup;
      this.inspectorFunction = check?.inspector;
      this.securityGroups = bound.placement?.securityGroups ?? [];
    } catch (error) {
      // What is below does not know which sync it is about.
      throw new Error(`${this.node.path}: ${(error as Error).message}`, { cause: error });
    }
    new StackCycleCheck(this);
  }

  /**
   * The security groups of every function that reaches the database, to let them in to one that the construct does not
   * know.
   *
   * @throws where no function runs in a VPC
   */
  public get connections(): ec2.Connections {
    if (this.securityGroups.length === 0) {
      throw new Error(`${this.node.path}: got no VPC, so that the functions have no security groups: pass vpc to the UserDatabase where its kind takes one, or let the functions in by address`);
    }
    return new ec2.Connections({ securityGroups: this.securityGroups });
  }
}
