import type { Deadline } from '../deadline';
import { UserSyncError } from '../errors';
import { isLoginRejected } from '../stores/postgres/store-error';

const PAUSE_MILLIS = 2_000;

/**
 * Does the work, and again for a while where the login is refused or the server cannot be reached yet: grants of IAM, rules
 * of security groups and the database itself are all fresh at a deployment.
 */
export async function patiently<T>(work: () => Promise<T>, patience: Deadline): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const mayPass = error instanceof UserSyncError && (error.failure === 'transient' || isLoginRejected(error));
      if (!mayPass || patience.remaining() < PAUSE_MILLIS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
    }
  }
}
