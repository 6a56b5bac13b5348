import { differences } from './differences';
import { settingsIn, type UserPoolSettings } from './settings';
import { CHANGED_MEANWHILE, NOT_FOUND, type UserPool } from './user-pool';
import { UserPoolError } from './user-pool-error';
import type { Deadline } from '../deadline';
import { logToStandardOutput } from '../delivery/log';

/** How long Cognito may tell of the settings before. */
const SETTLING_MILLIS = 5_000;
const PAUSE_MILLIS = 500;

const TRIGGER = 'LambdaConfig.PostConfirmation';

/**
 * Has the pool call the function for every confirmed user, and leaves everything else as it is.
 *
 * @param replaced a function that this one takes the place of
 * @throws UserPoolError where somebody else's function is called
 */
export async function attachTrigger(pool: UserPool, functionArn: string, replaced: string | undefined, deadline: Deadline): Promise<void> {
  await changeTrigger(pool, (current) => {
    if (current === undefined || current === functionArn || current === replaced) return functionArn;
    throw new UserPoolError('misconfigured', `the user pool calls another function after confirmation already (${current}), and Cognito calls one per trigger: remove that trigger, or run both in one function of your own, by compose() from 'cognito-user-sync/handler'`);
  }, deadline);
}

/** Has the pool call the function no more, and leaves another one. Where the pool is gone, so is the trigger. */
export async function detachTrigger(pool: UserPool, functionArn: string, deadline: Deadline): Promise<void> {
  try {
    await changeTrigger(pool, (current) => (current === functionArn ? undefined : current), deadline);
  } catch (error) {
    if (!(error instanceof UserPoolError) || error.code !== NOT_FOUND) throw error;
  }
}

/** @param wanted what is called now → what is to be called */
async function changeTrigger(pool: UserPool, wanted: (current: string | undefined) => string | undefined, deadline: Deadline): Promise<void> {
  for (;;) {
    const before = await pool.describe();
    const current = before.LambdaConfig?.PostConfirmation;
    const next = wanted(current);
    if (next === current) return;
    const changed = { ...settingsIn(before), LambdaConfig: { ...before.LambdaConfig, PostConfirmation: next } };
    if (await isTaken(pool, changed, deadline)) return expectSettings(pool, changed, deadline);
    await pause();
  }
}

/** Not where somebody else changed the pool at the same time: what was read is old, and would undo their change. */
async function isTaken(pool: UserPool, settings: UserPoolSettings, deadline: Deadline): Promise<boolean> {
  try {
    await pool.update(settings);
    return true;
  } catch (error) {
    if (!(error instanceof UserPoolError) || error.code !== CHANGED_MEANWHILE || deadline.remaining() < 2 * PAUSE_MILLIS) throw error;
    return false;
  }
}

async function expectSettings(pool: UserPool, expected: UserPoolSettings, deadline: Deadline): Promise<void> {
  const settled = deadline.within(SETTLING_MILLIS);
  for (;;) {
    const actual = settingsIn(await pool.describe());
    const lost = differences(expected, actual);
    if (lost.length === 0 && actual.LambdaConfig?.PostConfirmation === expected.LambdaConfig?.PostConfirmation) return warnOfAdditions(differences(actual, expected));
    if (settled.remaining() < PAUSE_MILLIS) {
      throw new UserPoolError('misconfigured', `after the trigger was changed, settings of the user pool are not as they were told to be (${lost.join(', ') || TRIGGER}): compare them with what they were; somebody else may have changed them at the same moment`);
    }
    await pause();
  }
}

/** A setting that Cognito did not tell, and so was not given back, has its default now. */
function warnOfAdditions(added: readonly string[]): void {
  if (added.length > 0) logToStandardOutput({ level: 'WARN', message: `the user pool now has settings that it did not tell of before (${added.join(', ')}): nothing that was set is lost, and they should be Cognito's defaults` });
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
}
