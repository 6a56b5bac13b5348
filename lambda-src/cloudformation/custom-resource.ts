import { type Answer, putAnswer } from './answer';
import { CloudFormationError } from './cloudformation-error';
import { type CustomResourceEvent, type CustomResourceRequest, requestIn } from './request';
import { Deadline } from '../deadline';
import { logToStandardOutput } from '../delivery/log';
import { loggedError } from '../delivery/logged-error';
import { errorName, UserSyncError } from '../errors';

export interface CustomResourceOutcome {
  /** Up to 1 KB. Another one than before tells CloudFormation that the resource was replaced: it deletes the old one. */
  readonly physicalResourceId: string;
  /** What the template may read by `Fn::GetAtt`. No secrets, and little: the whole answer has 4,096 bytes. */
  readonly data?: Readonly<Record<string, string>>;
}

/** What the context object of a Lambda invocation tells. */
export interface CustomResourceContext {
  readonly awsRequestId: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  getRemainingTimeInMillis(): number;
}

export type CustomResourceHandler = (event: CustomResourceEvent, context: CustomResourceContext) => Promise<void>;

/** Kept to answer, where Lambda's own limit comes first. */
const ANSWER_MILLIS = 1_000;

/** Kept for whoever handles the request to end by themselves, and to say what they waited for. */
const FAREWELL_MILLIS = 500;

/**
 * A Lambda handler that CloudFormation calls, and that answers whatever happens: a stack waits an hour for a custom
 * resource that is silent, and then rolls back, which waits for it again.
 *
 * `handle` is called to delete also what it failed to create, and the same request may come twice: it must take what it
 * finds as it is.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export function customResource(handle: (request: CustomResourceRequest) => Promise<CustomResourceOutcome>): CustomResourceHandler {
  return async (event, context) => {
    const remaining = context.getRemainingTimeInMillis();
    const end = Deadline.after(remaining);
    const answerBy = Deadline.after(remaining - ANSWER_MILLIS);
    const handleBy = Deadline.after(remaining - ANSWER_MILLIS - FAREWELL_MILLIS);
    const work = async () => handle(requestIn(event, handleBy));
    const answer = await answerBy.race(work(), () => outOfTime(remaining)).then(success, (error: unknown) => failure(error, event, context));
    await putAnswer(event, answer, end);
  };
}

function success({ physicalResourceId, data }: CustomResourceOutcome): Answer {
  return { status: 'SUCCESS', physicalResourceId, data };
}

function failure(error: unknown, event: CustomResourceEvent, { awsRequestId, logGroupName, logStreamName }: CustomResourceContext): Answer {
  const { RequestType, LogicalResourceId, PhysicalResourceId, RequestId } = event;
  logToStandardOutput({ level: 'ERROR', message: `CloudFormation's ${RequestType} of ${LogicalResourceId} failed`, requestId: awsRequestId, error: loggedError(error) });
  return {
    status: 'FAILED',
    physicalResourceId: PhysicalResourceId ?? RequestId,
    reason: error instanceof UserSyncError ? error.message : `unexpected ${errorName(error)}: look into the log`,
    more: `(log stream ${logStreamName} of log group ${logGroupName})`,
  };
}

function outOfTime(millis: number): CloudFormationError {
  return new CloudFormationError('transient', `not done within ${Math.round(millis / 1_000)} seconds, which is all the time that the function has: deploy again, and look into the log if it stays so`);
}
