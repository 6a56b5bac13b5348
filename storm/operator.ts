import { NUDGER } from './deeds';
import { subOf } from './event-source';
import { REFUSED_NAME, type Person } from './person';
import type { SimulatedClock } from './simulated-clock';
import { SENDERS, type Sync } from './sync';
import { queueMessage } from '../lambda-src/sources/queue-message';

/** What a person does when the alarm for dead letters has rung: mends what was refused, and redrives. */
export function redriveAll(sync: Sync, people: ReadonlyMap<string, Person>, clock: SimulatedClock): number {
  const letters = sync.deadLetters.takeAll();
  for (const { body } of letters) {
    const person = people.get(subOf(body) ?? '');
    if (person) mend(person, sync, clock);
    // As sent by the trigger itself, the worst case: what is old must not be believed all the same.
    sync.queue.send({ body, senderId: SENDERS.AKIATRIGGER });
    person?.tell(clock.now(), 'a dead letter is redriven');
  }
  return letters.length;
}

/** Those whom nobody but a line of the log knows: it names the `sub`, which is all that a nudge needs. */
export function nudgeUnrecorded(sync: Sync, people: readonly Person[], clock: SimulatedClock): void {
  for (const person of people) {
    sync.queue.send({ body: queueMessage({ userPoolId: sync.directory.userPoolId, sub: person.sub, observedAt: new Date(clock.now()) }), senderId: NUDGER });
    person.tell(clock.now(), 'was unrecorded, and is nudged by the operator');
  }
}

/** The redrive is what tells of the new state. */
function mend(person: Person, sync: Sync, clock: SimulatedClock): void {
  if (!person.isInPool) return;
  if (person.current.attributes.name === REFUSED_NAME) {
    sync.directory.put(person.become(false));
    person.tell(clock.now(), `is mended with generation ${person.generation}`);
  }
  person.isNudged(person.generation);
}
