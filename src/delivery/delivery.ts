import type { DeliveryMode, DeliveryPlan } from '../private/plan';

/**
 * What sign-up does where a user can be kept nowhere.
 */
export interface DeliveryOptions {
  /**
   * Whether sign-up fails for a user whom neither the table nor the queue took.
   *
   * The person then reads a text that is always the same and tells nothing. Cognito has confirmed them all the same:
   * they can sign in, and have no row. Otherwise sign-up succeeds, and the user is logged and counted as `unrecorded`.
   *
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
   * @default false
   */
  readonly failSignUp?: boolean;
}

/**
 * When a confirmed user's row is written: while sign-up waits, or afterwards.
 *
 * Either way the trigger answers within the 5 seconds that Cognito waits, and a user whose row cannot be written is
 * kept in the queue and tried again for 3.5 days, at most 15 minutes apart, and then kept with the dead letters.
 */
export class Delivery {
  /**
   * The row is there when sign-up returns. Only where the database did not take it in time, the user waits in the queue,
   * and sign-up succeeds.
   */
  public static inline(options: DeliveryOptions = {}): Delivery {
    return new Delivery('inline', options);
  }

  /**
   * Every user goes through the queue, and the row is there some seconds after sign-up, or when the database is back.
   *
   * For databases that pause or are far away: sign-up takes as long as one call to SQS, whatever the database does.
   * The trigger function runs in no VPC and has no login.
   */
  public static queued(options: DeliveryOptions = {}): Delivery {
    return new Delivery('queued', options);
  }

  private constructor(private readonly mode: DeliveryMode, private readonly options: DeliveryOptions) {}

  /** @internal */
  public _plan(): DeliveryPlan {
    return { mode: this.mode, failSignUp: this.options.failSignUp ?? false };
  }
}
