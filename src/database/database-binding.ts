import type { aws_lambda as lambda, aws_secretsmanager as secretsmanager } from 'aws-cdk-lib';
import type { IDependable } from 'constructs';
import type { VpcPlacement } from './vpc-placement';
import type { ColumnNames, ColumnPlan, DatabasePlan, LoginCreationPlan } from '../private/plan';

/** What a sync needs to know of its database, of whatever kind that is. */
export interface DatabaseBinding {
  readonly plan: DatabasePlan;
  /** How its columns may be called. @default 'sql' */
  readonly names?: ColumnNames;
  /** Whether it keeps a user from writing another one's row, so that the key may do without `sub`. */
  readonly isGuarded?: boolean;
  /** Where functions run that connect; left out where that is in no VPC. */
  readonly placement?: VpcPlacement;
  /** Certificate authorities of the user's own, as PEM, to lay beside the functions that connect. */
  readonly certificates?: string;
  /** What must stand before anybody can connect. */
  readonly dependencies: readonly IDependable[];
  /** Whether the database may have to wake up first, which takes longer than sign-up waits. Asked at synth, when all is said. */
  readonly isPausing?: () => boolean;
  /** The login that is to be created at deployment; left out for one that is there. */
  readonly creation?: LoginCreation;
  /** The columns as this kind can write them. @throws a plain `Error` for one that it cannot write as it should */
  fitColumns?(columns: Readonly<Record<string, ColumnPlan>>): Readonly<Record<string, ColumnPlan>>;
  /** Lets a function log in, and opens the network between the two. Where a login has its own privileges, they decide what it may do. */
  connect(fn: lambda.IFunction, access?: readonly TableAccess[]): void;
}

/** What a function does with rows. @default ['write'] */
export type TableAccess = 'read' | 'write';

/** A login that the deploy-time function creates as the administrator, at the instance or cluster itself: never through a proxy. */
export interface LoginCreation {
  readonly administrator: secretsmanager.ISecret;
  readonly plan: LoginCreationPlan;
  /** Opens the network to the instance or cluster. */
  reach(fn: lambda.IFunction): void;
}
