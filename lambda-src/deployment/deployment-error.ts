import { UserSyncError } from '../errors';

/** The deployment found, or could not even find out, whether users can be written. */
export class DeploymentError extends UserSyncError {
  override readonly name = 'DeploymentError';

  constructor(message: string) {
    super('misconfigured', message);
  }
}
