import { Duration, type aws_lambda as lambda, type aws_logs as logs } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { allow } from './allow';
import { checkWholeNumber } from './concurrency';
import { syncFunction } from './sync-function';
import type { DatabaseBinding } from '../database/database-binding';
import type { SyncPlan } from '../private/plan';

export interface WriterFunctionProps {
  readonly plan: SyncPlan;
  readonly database: DatabaseBinding;
  readonly logGroup: logs.ILogGroup;
  readonly memorySize: number;
  readonly reservedConcurrency?: number;
}

/** The function inside the VPC, through which those outside write. It alone has the login. */
export function writerFunction(scope: Construct, { plan, database, logGroup, memorySize, reservedConcurrency }: WriterFunctionProps): lambda.Function {
  if (reservedConcurrency !== undefined) checkWholeNumber('writerConcurrency', reservedConcurrency, 1, 1_000);
  const fn = syncFunction(scope, 'Writer', {
    description: 'Writes rows to the users table, for functions outside its VPC',
    plan: { ...plan, database: database.plan },
    // The trigger waits for 3 seconds at most, the consumer for as long as it has itself.
    timeout: Duration.seconds(60),
    placement: database.placement,
    certificates: database.certificates,
    logGroup,
    memorySize,
    reservedConcurrentExecutions: reservedConcurrency,
  });
  database.connect(fn);
  return fn;
}

/** The database as the functions outside see it: what they may do is invoke the writer. */
export function relayTo(writer: lambda.Function, { plan: { key }, names }: DatabaseBinding): DatabaseBinding {
  return {
    plan: { kind: 'relay', functionName: writer.functionName, ...(key && { key }), ...(names && { names }) },
    dependencies: [],
    connect: (fn) => allow(fn, ['lambda:InvokeFunction'], writer.functionArn),
  };
}
