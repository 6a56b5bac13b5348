import type { Fault } from './fault';
import { newPerson, type Person } from './person';
import { USER_POOL_ID, type Site } from './site';
import { whereabouts, type Place } from './whereabouts';
import { recordedEvent } from '../test/support/events';
import type { Invocation, LambdaFunction } from '../test/support/lambda-function';

/** What one person met. */
export interface SignUp {
  readonly person: Person;
  readonly invocation: Invocation;
  /** Until the answer, with the start of the function where it had to be started; null where Lambda was killed. */
  readonly milliseconds: number | null;
  /** Where they were when the answer had come. */
  readonly ended: Place;
  /** Whether Cognito got what it demands: the event it has sent. */
  readonly isAnswered: boolean;
}

/** @param start gives the environment, and may have to load it first: that is time that the person waits, too */
export async function signUp(site: Site, start: () => Promise<LambdaFunction>, whileSigningUp?: Fault['whileSigningUp']): Promise<SignUp> {
  const person = newPerson();
  site.directory.put(person);
  const event = {
    ...recordedEvent('PostConfirmation_ConfirmSignUp'),
    userPoolId: USER_POOL_ID,
    userName: person.username,
    request: { userAttributes: { ...person.attributes, 'sub': person.sub, 'cognito:user_status': 'CONFIRMED' }, clientMetadata: { ...person.clientMetadata } },
  };
  const answered = new AbortController();
  const begin = performance.now();
  const trigger = await start();
  const answering = trigger.invoke(event).finally(() => answered.abort());
  const beside = whileSigningUp?.(site, { trigger, sub: person.sub, answered: answered.signal });
  beside?.catch(() => {}); // told below
  const invocation = await answering;
  const milliseconds = Math.round(performance.now() - begin);
  const ended = await whereabouts(site, person.sub);
  await beside;
  return { person, invocation, milliseconds: isKilled(invocation) ? null : milliseconds, ended, isAnswered: JSON.stringify(invocation.payload) === JSON.stringify(event) };
}

/** Lambda's own words for a process that is gone; the time-out is one too, and must not be taken for it. */
export function isKilled({ functionError, payload }: Invocation): boolean {
  return functionError !== undefined && Object(payload).errorType === 'Runtime.ExitError';
}
