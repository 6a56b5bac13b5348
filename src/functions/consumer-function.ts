import { Duration, Token, type aws_cognito as cognito, type aws_iam as iam, type aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { allow } from './allow';
import { checkWholeNumber } from './concurrency';
import { syncFunction } from './sync-function';
import type { DatabaseBinding } from '../database/database-binding';
import type { WaitingQueues } from '../delivery/waiting-queues';
import type { SyncPlan } from '../private/plan';

export interface ConsumerFunctionProps {
  readonly plan: SyncPlan;
  /** Left out where naming it would make a cycle of stacks. */
  readonly userPool?: cognito.IUserPool;
  readonly database: DatabaseBinding;
  readonly queues: WaitingQueues;
  readonly trigger: lambda.IFunction;
  readonly logGroup: logs.ILogGroup;
  readonly concurrency: number;
}

/**
 * Of the account's 30 a second for all of its pools, which cannot be raised:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const READS_PER_SECOND = 20;

/** A role that was made beforehand (`iam.Role.customizeRoles`) does not tell; then whoever sends is believed. */
function roleIdOf({ role }: lambda.IFunction): string | undefined {
  try {
    return (role as iam.Role).roleId;
  } catch {
    return undefined;
  }
}

export const CONSUMER_TIMEOUT = Duration.seconds(60);

/** Writes the users who wait in the queue, many in one statement. */
export function consumerFunction(scope: Construct, { plan, userPool, database, queues, trigger, logGroup, concurrency }: ConsumerFunctionProps): lambda.Function {
  checkWholeNumber('consumerConcurrency', concurrency, 2, 1_000);
  const { queue, deadLetterQueue } = queues;
  const fn = syncFunction(scope, 'Consumer', {
    description: 'Writes users of a Cognito user pool who wait in a queue to a table',
    plan: {
      ...plan,
      database: database.plan,
      queue: { url: queue.queueUrl },
      consumer: {
        deadLetterQueueUrl: deadLetterQueue.queueUrl,
        ...(userPool && { userPoolId: userPool.userPoolId }),
        // What SQS tells of a message's sender starts with it.
        trustedSender: roleIdOf(trigger),
        // Otherwise the function's own default stays, which is for two of it.
        ...(!Token.isUnresolved(concurrency) && { readsPerSecond: READS_PER_SECOND / concurrency }),
      },
    },
    timeout: CONSUMER_TIMEOUT,
    memorySize: 512,
    placement: database.placement,
    certificates: database.certificates,
    logGroup,
  });
  // SendMessage: a user whom Cognito does not find yet comes again by a message of their own.
  allow(fn, ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'], queue.queueArn);
  allow(fn, ['sqs:SendMessage'], deadLetterQueue.queueArn);
  database.connect(fn);
  fn.addEventSourceMapping('Queue', {
    eventSourceArn: queue.queueArn,
    batchSize: 1_000,
    maxBatchingWindow: Duration.seconds(1),
    maxConcurrency: concurrency,
    reportBatchItemFailures: true,
  });
  return fn;
}
