import { type Failure, UserSyncError } from '../errors';

/** The user pool could not be read or changed, or has what must not be changed. */
export class UserPoolError extends UserSyncError {
  override readonly name = 'UserPoolError';

  constructor(failure: Failure, message: string, readonly code?: string) {
    super(failure, message);
  }
}
