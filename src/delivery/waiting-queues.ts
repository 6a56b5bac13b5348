import { Duration, aws_sqs as sqs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface WaitingQueues {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
}

/**
 * The consumer decides what is permanent, and sends that to the dead letters itself. What is transient is tried at most
 * every 15 minutes, about 400 times in 4 days: an outage must not end in the dead letters by being counted. This is for
 * what ends the consumer itself, over and over.
 */
const MAX_RECEIVE_COUNT = 1_000;

/**
 * Where users wait whose row could not be written, and where those end who never can be.
 *
 * The dead-letter queue cannot name its only source (`redriveAllowPolicy`): the source names it, and CloudFormation
 * could create neither first.
 *
 * @param consumerTimeout of the function that reads the queue
 */
export function waitingQueues(scope: Construct, consumerTimeout: Duration): WaitingQueues {
  const secure = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const deadLetterQueue = new sqs.Queue(scope, 'DeadLetterQueue', { ...secure, retentionPeriod: Duration.days(14) });
  const queue = new sqs.Queue(scope, 'Queue', {
    ...secure,
    retentionPeriod: Duration.days(4),
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six times the function's timeout
    visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds()),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
  });
  return { queue, deadLetterQueue };
}
