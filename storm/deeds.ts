import type { Agenda } from './agenda';
import type { Kills } from './kills';
import { lifeOf, type Deed, type Step } from './lives';
import type { Person } from './person';
import { Random } from './random';
import type { SimulatedClock } from './simulated-clock';
import type { StormStore } from './store';
import { REGION, type Sync } from './sync';
import { FIRST_MINUTE } from './verdict';
import { queueMessage } from '../lambda-src/sources/queue-message';

/** Whoever tells the queue of changes and deletions. Not the trigger: what it sent as a snapshot would be believed. */
export const NUDGER = 'AROARULE:rule';

export interface DeedsOptions {
  readonly agenda: Agenda;
  readonly clock: SimulatedClock;
  readonly store: StormStore;
  readonly kills: Kills;
  readonly killProbability: number;
  readonly seed: number;
  readonly signUpsLastMs: number;
  /** Goes on while the clock does. */
  readonly inBackground: (work: Promise<unknown>) => void;
}

/** What the users do, and what follows from it outside our functions. */
export class Deeds {
  signedUp = 0;
  nudges = 0;
  /** Sign-ups for which Cognito got an error. Never one of a killed function: it calls again then. */
  failedSignUps = 0;

  constructor(private readonly options: DeedsOptions) {}

  plan(person: Person, sync: Sync): void {
    const { seed, signUpsLastMs, clock } = this.options;
    this.schedule(lifeOf(new Random(seed, 'life', person.index), signUpsLastMs), clock.now(), person, sync);
  }

  /** One after the other: where all environments are busy, a sign-up is late, and so is what comes after. */
  private schedule([step, ...later]: readonly Step[], begin: number, person: Person, sync: Sync): void {
    if (step) this.options.agenda.at(begin + step.at, () => this.perform(step, person, sync, () => this.schedule(later, begin, person, sync)));
  }

  private perform({ deed, isPoison = false }: Step, person: Person, sync: Sync, goOn: () => void): void {
    const { inBackground } = this.options;
    if (deed === 'signUp') return inBackground(this.signUp(person, sync, isPoison, goOn));
    if (deed === 'change') this.change(person, sync, isPoison);
    else if (deed === 'leave') this.leave(person, sync);
    else inBackground(this.trigger(person, sync, deed, () => undefined));
    goOn();
  }

  private async signUp(person: Person, sync: Sync, isPoison: boolean, begun: () => void): Promise<void> {
    await this.trigger(person, sync, 'signUp', () => {
      sync.directory.put(person.become(isPoison));
      person.confirmedAt = this.options.clock.now();
      begun();
    });
    this.signedUp += 1;
  }

  /** Cognito waits for the trigger, and calls it again with the same event where it was killed. */
  private async trigger(person: Person, sync: Sync, deed: Deed, begin: () => void): Promise<void> {
    const { kills, killProbability, clock } = this.options;
    await sync.triggers.with(async (process) => {
      begin();
      if (person.leftAt !== undefined) return;
      const { generation } = person;
      const event = person.triggerEvent(deed, sync.directory.userPoolId, REGION);
      for (;;) {
        person.tell(clock.now(), `${deed}: the trigger gets generation ${generation}`);
        const answer = await kills.during(() => process.invoke(event), process, killProbability, [person.sub]);
        if (answer) {
          if ('error' in answer) this.failedSignUps += 1;
          break;
        }
        person.tell(clock.now(), `${deed}: the trigger was killed`);
      }
      person.nudged = Math.max(person.nudged, generation);
    });
  }

  private change(person: Person, sync: Sync, isPoison: boolean): void {
    sync.directory.put(person.become(isPoison));
    person.tell(this.options.clock.now(), `changes to generation ${person.generation}${isPoison ? ', which the table refuses' : ''}`);
    this.notify(person, sync);
  }

  private leave(person: Person, sync: Sync): void {
    const { store, clock, agenda, inBackground } = this.options;
    person.leftAt = clock.now();
    person.tell(person.leftAt, 'leaves');
    sync.directory.delete(person.sub);
    // The application's own doing until the library deletes rows. Again after a minute: a snapshot that was under way
    // may be written as it is until then.
    const deleteRow = () => inBackground(store.deleteRow(sync.name, person.sub));
    deleteRow();
    agenda.after(FIRST_MINUTE + 1_000, deleteRow);
    this.notify(person, sync);
  }

  private notify(person: Person, sync: Sync): void {
    const { agenda, clock } = this.options;
    const { generation } = person;
    const body = queueMessage({ userPoolId: sync.directory.userPoolId, sub: person.sub, observedAt: new Date(clock.now()) });
    for (const delay of person.notifications()) {
      agenda.after(delay, () => {
        sync.queue.send({ body, senderId: NUDGER });
        this.nudges += 1;
        person.isNudged(generation);
        person.tell(clock.now(), `nudge for generation ${generation} reaches the queue`);
      });
    }
  }
}
