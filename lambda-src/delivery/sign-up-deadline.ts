import { awsEnvironment } from '../aws/environment';
import { Deadline } from '../deadline';
import { monotonicMillis } from '../monotonic-clock';

/** Cognito waits 5 seconds, and part of them passes before the function runs and on the way back. */
const ANSWER_MILLIS = 4_000;

/** Kept back for the answer when Lambda itself is about to stop the function. */
const FAREWELL_MILLIS = 300;

/** An event that comes later than this after loading found an environment that Lambda had initialised in advance. */
const COLD_START_GAP_MILLIS = 1_000;

/** What then remains is just enough for the queue; Cognito may have given up by the time of a slower start. */
const MOST_INITIALISATION_MILLIS = 3_400;

/** What the context object of a Lambda invocation tells; none of it is needed. */
export interface InvocationContext {
  readonly functionName?: string;
  readonly awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

/**
 * How long one sign-up may take here. Cognito's clock also runs while a cold environment initialises, so the first
 * event's deadline is that much earlier.
 */
export class SignUpDeadlines {
  private readonly loadedAt = monotonicMillis();
  private isFirst = true;

  next(context?: InvocationContext): Deadline {
    const isCold = this.isFirst && awsEnvironment.initialisesOnDemand && monotonicMillis() - this.loadedAt < COLD_START_GAP_MILLIS;
    const initialisation = isCold ? Math.min(monotonicMillis(), MOST_INITIALISATION_MILLIS) : 0;
    this.isFirst = false;
    const left = context?.getRemainingTimeInMillis?.() ?? Infinity;
    return Deadline.after(Math.min(ANSWER_MILLIS - initialisation, left - FAREWELL_MILLIS));
  }
}
