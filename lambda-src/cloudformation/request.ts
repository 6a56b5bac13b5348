import { CloudFormationError } from './cloudformation-error';
import type { Deadline } from '../deadline';

/** What CloudFormation wants of a custom resource. The values of properties are strings, whatever the template had. */
export interface CustomResourceRequest {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** Not there on Create. */
  readonly physicalResourceId?: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** On Update alone. */
  readonly oldProperties?: Readonly<Record<string, unknown>>;
  /** Comes before the one by which CloudFormation is answered in any case. */
  readonly deadline: Deadline;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html */
export interface CustomResourceEvent {
  readonly RequestType: string;
  /** Whoever has it may answer: it is never logged. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties?: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

/** @throws CloudFormationError */
export function requestIn(event: CustomResourceEvent, deadline: Deadline): CustomResourceRequest {
  const { RequestType: requestType } = event;
  if (requestType !== 'Create' && requestType !== 'Update' && requestType !== 'Delete') {
    throw new CloudFormationError('permanent', 'got another RequestType than Create, Update or Delete: use a newer version of cognito-user-sync');
  }
  return {
    requestType,
    stackId: event.StackId,
    requestId: event.RequestId,
    logicalResourceId: event.LogicalResourceId,
    physicalResourceId: event.PhysicalResourceId,
    properties: event.ResourceProperties ?? {},
    oldProperties: event.OldResourceProperties,
    deadline,
  };
}
