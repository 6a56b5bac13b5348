import type { aws_lambda as lambda } from 'aws-cdk-lib';
import type { WaitingQueues } from '../delivery/waiting-queues';

/** The parts of the path that alarms and dashboard look at. */
export interface Monitored extends WaitingQueues {
  readonly trigger: lambda.IFunction;
  readonly consumer: lambda.IFunction;
  readonly writer?: lambda.IFunction;
  /** Left out where nobody looks after the trigger. */
  readonly guard?: lambda.IFunction;
  /** Whether the functions count what they do. `unrecorded` and `triggerLost` are always counted. */
  readonly metrics: boolean;
}
