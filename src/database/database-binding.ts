import type { aws_lambda as lambda } from 'aws-cdk-lib';
import type { VpcPlacement } from './vpc-placement';
import type { DatabasePlan } from '../private/plan';

/** What a sync needs to know of its database, of whatever kind that is. */
export interface DatabaseBinding {
  readonly plan: DatabasePlan;
  /** Where functions run that connect; left out where that is in no VPC. */
  readonly placement?: VpcPlacement;
  /** Lets a function log in, and opens the network between the two. */
  connect(fn: lambda.IFunction): void;
}
