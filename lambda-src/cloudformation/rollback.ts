import type { CustomResourceRequest } from './request';
import { isRollingBack } from './stack-status';
import { logToStandardOutput } from '../delivery/log';
import { loggedError } from '../delivery/logged-error';

/**
 * Does the work, whose error counts only where the stack is not going back: a rollback that fails leaves a stack that
 * can go neither forwards nor back. Where CloudFormation does not tell, it counts as going back. Only an update may be
 * that: nothing is created then, and what could not be deleted must not lose what it needs.
 */
export async function unlessRollingBack({ requestType, stackId }: CustomResourceRequest, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (requestType !== 'Update' || !await mayBeRollingBack(stackId)) throw error;
    logToStandardOutput({ level: 'WARN', message: 'the stack is rolled back, and nothing may be in its way: this is left as it is', error: loggedError(error) });
  }
}

async function mayBeRollingBack(stackId: string): Promise<boolean> {
  return isRollingBack(stackId).catch((error: unknown) => {
    logToStandardOutput({ level: 'WARN', message: 'whether the stack is rolled back could not be asked', error: loggedError(error) });
    return true;
  });
}
