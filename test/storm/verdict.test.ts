import { Person } from '../../storm/person';
import { type AuditedWrite, type StoredRow, verdictOf } from '../../storm/verdict';

const FUNCTIONS = ['storm_trigger', 'storm_consumer'];

test('counts nothing where the row is the newest state, whoever wrote it and however often', () => {
  const person = personWith(2);
  expect(verdictOf([person], [rowOf(person, 2)], [write(person, 1), write(person, 2), write(person, 2)], FUNCTIONS)).toEqual({ ...NOTHING, wrongs: [] });
});

test('counts a user in the pool who has no row as lost', () => {
  const person = personWith(1);
  expect(verdictOf([person], [], [write(person, 1)], FUNCTIONS)).toMatchObject({ ...NOTHING, lost: 1 });
});

test('counts nobody as lost of whom nothing has told', () => {
  const person = personWith(1);
  person.nudged = 0;
  expect(verdictOf([person], [], [], FUNCTIONS)).toMatchObject(NOTHING);
});

test('counts a user who has two rows as a duplicate', () => {
  const person = personWith(1);
  const another = { ...rowOf(person, 1), cognito_user_id: person.sub.toUpperCase() };
  expect(verdictOf([person], [rowOf(person, 1), another], [write(person, 1)], FUNCTIONS)).toMatchObject({ ...NOTHING, duplicates: 1 });
});

test('counts a row as stale that is older than the newest state that was nudged', () => {
  const person = personWith(3);
  expect(verdictOf([person], [rowOf(person, 2)], [write(person, 2)], FUNCTIONS)).toMatchObject({ ...NOTHING, stale: 1 });
});

test('accepts a state that is newer than the newest one that was nudged', () => {
  const person = personWith(3);
  person.nudged = 2;
  expect(verdictOf([person], [rowOf(person, 3)], [write(person, 3)], FUNCTIONS)).toMatchObject(NOTHING);
});

test('counts a row as stale that mixes two states', () => {
  const person = personWith(2);
  expect(verdictOf([person], [{ ...rowOf(person, 2), email: 'somebody-else@example.com' }], [write(person, 2)], FUNCTIONS)).toMatchObject({ ...NOTHING, stale: 1 });
});

test('counts each moment as stale at which an older state replaced a newer one, also where it was mended later', () => {
  const person = personWith(2);
  const writes = [write(person, 2), write(person, 1), write(person, 2), write(person, 1), write(person, 2)];
  expect(verdictOf([person], [rowOf(person, 2)], writes.map((each) => ({ ...each, observedAt: new Date() })), FUNCTIONS)).toMatchObject({ ...NOTHING, stale: 2 });
  const { wrongs, ...counts } = verdictOf([person], [rowOf(person, 2)], writes.map((each) => ({ ...each, observedAt: null })), FUNCTIONS);
  expect([counts, wrongs.map(({ count }) => count)]).toEqual([NOTHING, ['overtaken', 'overtaken']]);
});

test('counts a row of somebody who is gone as resurrected', () => {
  const person = gone(personWith(1));
  expect(verdictOf([person], [rowOf(person, 1)], [write(person, 1)], FUNCTIONS)).toMatchObject({ ...NOTHING, resurrected: 1 });
});

test('counts a row as resurrected that a function wrote when the user had been gone for a minute, also where it was deleted again', () => {
  const person = gone(personWith(1));
  const tooLate = write(person, 1, person.leftAt! + 60_001);
  expect(verdictOf([person], [], [tooLate, { ...tooLate, operation: 'DELETE', writer: 'application' }], FUNCTIONS)).toMatchObject({ ...NOTHING, resurrected: 1 });
  expect(verdictOf([person], [], [write(person, 1, person.leftAt! + 59_999)], FUNCTIONS)).toMatchObject(NOTHING);
});

const NOTHING = { lost: 0, duplicates: 0, stale: 0, resurrected: 0 };

/** In the pool for ten seconds, with so many states, all of them nudged. */
function personWith(states: number): Person {
  const person = new Person(7, 1);
  while (person.generation < states) person.become(false);
  person.isNudged(states);
  person.confirmedAt = 10_000;
  return person;
}

function gone(person: Person): Person {
  person.leftAt = 20_000;
  return person;
}

function rowOf(person: Person, generation: number): StoredRow {
  const { attributes, status, enabled } = person.states[generation - 1];
  return {
    cognito_user_id: person.sub,
    email: attributes.email,
    display_name: attributes.name,
    handle: attributes.preferred_username ?? null,
    generation,
    status: status!,
    enabled: enabled!,
  };
}

function write({ sub }: Person, generation: number, at = 11_000): AuditedWrite {
  return { at, writer: 'storm_consumer', operation: 'UPDATE', sub, generation, observedAt: null };
}
