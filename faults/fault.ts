import type { Site } from './site';
import type { SiteStore } from './store';
import type { DeliveryPlan } from '../src/private/plan';
import type { LambdaFunction } from '../test/support/lambda-function';

/** One way in which the way from sign-up to the users table breaks. */
export interface Fault<Store extends SiteStore = SiteStore> {
  readonly name: string;
  readonly needs?: Needs;
  /** What the function's log calls it: proof that it happened. */
  readonly code?: string;
  /** Neither the store nor the queue can take anybody, so that only a line of the log, or Lambda's own error, knows. */
  readonly mayBeUnrecorded?: true;
  /** Permanent as long as nobody mends it: the consumer sends these users to the dead letters, from where they are redriven. */
  readonly goesToDeadLetters?: true;
  /** Lambda is killed in the middle of each sign-up: there is no answer. */
  readonly killsLambda?: true;
  /** Breaks it. One user has signed up before, so that the function is loaded and connected. */
  arrange(site: Site<Store>): Promise<unknown>;
  /** Goes on beside each sign-up, for what must happen in the middle of one. */
  whileSigningUp?(site: Site<Store>, signUp: SignUpUnderWay): Promise<void>;
  /** Mends it. */
  lift(site: Site<Store>): Promise<unknown>;
}

export interface Needs {
  /** A server that the fault may restart. */
  readonly ownServer?: true;
  /** Trigger and consumer write through the writer function. */
  readonly relay?: true;
  readonly delivery?: DeliveryPlan;
}

export interface SignUpUnderWay {
  readonly trigger: LambdaFunction;
  readonly sub: string;
  /** Aborted when the answer has come. */
  readonly answered: AbortSignal;
}
