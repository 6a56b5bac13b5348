import type { InvocationContext } from './delivery/sign-up-deadline';
import type { CognitoTriggerEvent } from './sources/trigger-event';

/** A Lambda function for a user pool trigger: takes the event and answers with it. */
export type TriggerHandler<Event extends CognitoTriggerEvent = CognitoTriggerEvent, Context extends InvocationContext = InvocationContext> =
  (event: Event, context: Context) => Promise<Event | void> | Event | void;

/**
 * Several handlers on one trigger, since a user pool takes one function for each. They run one after the other, each
 * with the event the one before answered with; one that answers nothing leaves the event as it is. All of them run
 * even where one throws: the first error is thrown in the end, and the person signing up sees its text.
 *
 * @example
 * export const handler = compose(createPostConfirmationHandler({ … }), sendWelcomeMail);
 *
 * @throws TypeError at once when a handler wants a callback, which Lambda no longer passes from Node.js 24 on
 */
export function compose<Event extends CognitoTriggerEvent, Context extends InvocationContext = InvocationContext>(
  ...handlers: ReadonlyArray<TriggerHandler<Event, Context>>
): (event: Event, context: Context) => Promise<Event> {
  const withCallback = handlers.findIndex((handler) => handler.length > 2);
  if (withCallback >= 0) {
    throw new TypeError(`handler ${withCallback + 1} of ${handlers.length} takes a callback: Lambda's Node.js runtimes from 24 on pass none, expected an async function of event and context`);
  }
  return async (event, context) => {
    const errors: unknown[] = [];
    let answer = event;
    for (const handler of handlers) {
      try {
        answer = (await handler(answer, context)) ?? answer;
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
    return answer;
  };
}
