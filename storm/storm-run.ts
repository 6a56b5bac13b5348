import { Deeds } from './deeds';
import { Faults } from './faults';
import type { LogBook } from './log-book';
import { nudgeUnrecorded, redriveAll } from './operator';
import { Person } from './person';
import { Random } from './random';
import type { SimulatedClock } from './simulated-clock';
import { sizeOf } from './size';
import { HOUR, setStage, type Stage } from './stage';
import { WRITERS } from './store';
import type { StoreName } from './stores';
import type { Sync } from './sync';
import { verdictOf, type AuditedWrite, type Verdict } from './verdict';
import type { Cleanup } from '../demo/cleanup';

export interface StormOptions {
  readonly store: StoreName;
  readonly users: number;
  readonly seed: number;
  /** Folder with the bundles. */
  readonly assets: string;
  readonly onProgress: (line: string) => void;
}

export interface StormResult {
  readonly verdict: Verdict;
  readonly audit: readonly AuditedWrite[];
  readonly log: LogBook;
  readonly clock: SimulatedClock;
  /** How much happened. */
  readonly figures: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
}

/** What was refused at the last try is mended by then. */
const REDRIVES = 3;

/** Everybody's life, from the first sign-up until all queues are empty. */
export async function storm({ store: storeName, users, seed, assets, onProgress }: StormOptions, cleanup: Cleanup): Promise<StormResult> {
  const begin = performance.now();
  const size = sizeOf(users);
  const stage = await setStage(storeName, seed, size, assets, cleanup);
  const { clock, store, syncs, log } = stage;
  const faults = new Faults({ ...stage, directories: syncs.map(({ directory }) => directory), random: new Random(seed, 'faults') });
  const deeds = new Deeds({ ...stage, killProbability: size.triggerKillProbability, seed, signUpsLastMs: size.signUpsLastMs });
  const people = Array.from({ length: users }, (_, index) => new Person(index, seed));
  const syncOf = ({ index }: Person) => syncs[index % syncs.length];
  for (const person of people) deeds.plan(person, syncOf(person));
  faults.schedule(size);

  const progress = () => onProgress(
    `${(clock.elapsed() / HOUR).toFixed(2)} h, ${deeds.signedUp} of ${users} signed up, ${sum(syncs, ({ queue }) => queue.length)} messages, ${stage.kills.count} kills, ${faults.current ?? 'no fault'}`,
  );
  await stage.untilCalm(progress);
  const bySub = new Map(people.map((person) => [person.sub, person]));
  let redriven = 0;
  for (let round = 0; round < REDRIVES; round++) {
    await clock.advance(HOUR);
    const unrecorded = log.takeUnrecorded().map((sub) => bySub.get(sub)!);
    for (const sync of syncs) {
      nudgeUnrecorded(sync, unrecorded.filter((person) => syncOf(person) === sync), clock);
      redriven += redriveAll(sync, bySub, clock);
    }
    await stage.untilCalm(progress);
  }

  const rows = (await Promise.all(syncs.map(({ name }) => store.rows(name)))).flat();
  const audit = await store.audit();
  const verdict = verdictOf(people, rows, audit, Object.values(WRITERS));
  return {
    verdict,
    audit,
    log,
    clock,
    faults: faults.counts,
    figures: {
      staleMomentsWithoutVersion: verdict.wrongs.filter(({ count }) => count === 'overtaken').length,
      failedSignUps: deeds.failedSignUps,
      unrecorded: log.unrecorded,
      deleted: people.filter(({ leftAt }) => leftAt !== undefined).length,
      states: people.reduce((total, { generation }) => total + generation, 0),
      messages: stage.queueService.sent + deeds.nudges + stage.replays + redriven,
      writes: audit.length,
      redriven,
      ...await figuresOf(stage),
      faults: Object.values(faults.counts).reduce((total, each) => total + each, 0),
      simulatedHours: Math.round(clock.elapsed() / HOUR * 10) / 10,
      seconds: Math.round((performance.now() - begin) / 100) / 10,
    },
  };
}

async function figuresOf({ syncs, kills, store }: Stage): Promise<Record<string, number>> {
  return {
    received: sum(syncs, ({ eventSource }) => eventSource.received),
    batches: sum(syncs, ({ eventSource }) => eventSource.batches),
    listUsers: sum(syncs, ({ directory }) => directory.calls.ListUsers),
    adminGetUser: sum(syncs, ({ directory }) => directory.calls.AdminGetUser),
    deadLetters: sum(syncs, ({ deadLetters }) => deadLetters.length),
    ...await store.figures(),
    kills: kills.count,
    killsAfterCommit: kills.afterCommit,
  };
}

function sum(syncs: readonly Sync[], of: (sync: Sync) => number): number {
  return syncs.reduce((total, sync) => total + of(sync), 0);
}
