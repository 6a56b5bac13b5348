import { type Failure, UserSyncError } from '../errors';

/** CloudFormation could not be asked or answered, or asked for something that is no request of a custom resource. */
export class CloudFormationError extends UserSyncError {
  override readonly name = 'CloudFormationError';

  constructor(failure: Failure, message: string, readonly code?: string) {
    super(failure, message);
  }
}
