import type { aws_lambda as lambda } from 'aws-cdk-lib';
import type { VpcPlacement } from './vpc-placement';
import type { DatabasePlan } from '../private/plan';

/** What a sync needs to know of its database, of whatever kind that is. */
export interface DatabaseBinding {
  readonly plan: DatabasePlan;
  /** Left out for a function that runs in no VPC. */
  readonly placement?: VpcPlacement;
  /** Lets the function log in, and opens the network between the two. */
  connect(fn: lambda.IFunction): void;
}
