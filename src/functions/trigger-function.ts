import { Duration, type aws_lambda as lambda, type aws_logs as logs, type aws_sqs as sqs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { allow } from './allow';
import { syncFunction } from './sync-function';
import type { DatabaseBinding } from '../database/database-binding';
import type { DeliveryPlan, SyncPlan } from '../private/plan';

export interface TriggerFunctionProps {
  readonly plan: SyncPlan;
  readonly delivery: DeliveryPlan;
  readonly database: DatabaseBinding;
  readonly queue: sqs.IQueue;
  readonly logGroup: logs.ILogGroup;
  readonly memorySize: number;
}

/** The function that Cognito calls. It never references the pool, which references it. */
export function triggerFunction(scope: Construct, { plan, delivery, database, queue, logGroup, memorySize }: TriggerFunctionProps): lambda.Function {
  const writes = delivery.mode === 'inline';
  const fn = syncFunction(scope, 'Trigger', {
    description: 'Writes confirmed users of a Cognito user pool to a table, or has them wait in a queue',
    plan: { ...plan, ...(writes && { database: database.plan }), queue: { url: queue.queueUrl }, delivery },
    // Cognito waits no longer, and that cannot be changed:
    // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
    timeout: Duration.seconds(5),
    // No reserved concurrency, ever: sign-up must not be throttled.
    ...(writes && { placement: database.placement, certificates: database.certificates }),
    logGroup,
    memorySize,
  });
  allow(fn, ['sqs:SendMessage'], queue.queueArn);
  if (writes) database.connect(fn);
  return fn;
}
