import { setTimeout as sleep } from 'node:timers/promises';
import { Agenda } from './agenda';
import { USUAL_LAG_MILLIS } from './faults';
import { Kills } from './kills';
import { LogBook } from './log-book';
import { MessageQueue } from './message-queue';
import { type QueueService, startQueueService } from './queue-service';
import { Random } from './random';
import { SimulatedClock } from './simulated-clock';
import type { StormSize } from './size';
import type { StormStore, StormTable } from './store';
import { startStore, type StoreName } from './stores';
import { REGION, SENDERS, startSync, type Sync } from './sync';
import type { Cleanup } from '../demo/cleanup';
import { node24 } from '../test/support/node24';
import { startSecretsManager } from '../test/support/secrets-manager';
import { startUserDirectory } from '../test/support/user-directory';

export const HOUR = 3_600_000;

/** Two syncs, with half of the users each: with a version, an older state must never win; without one, the order of things must see to it. */
const TABLES: readonly StormTable[] = [{ name: 'users_with_version', hasVersion: true }, { name: 'users', hasVersion: false }];

/** Real milliseconds until the clock goes on although a function still works: then it does in small steps. */
const PATIENCE = 300;
const SMALL_STEP = 1_000;

/** Everything that the storm goes over, and the time in which it does. */
export interface Stage {
  readonly clock: SimulatedClock;
  readonly agenda: Agenda;
  readonly store: StormStore;
  readonly queueService: QueueService;
  readonly kills: Kills;
  readonly log: LogBook;
  readonly syncs: readonly Sync[];
  /** Trigger's messages that come again after an hour. */
  readonly replays: number;
  /** Goes on while the clock does. */
  inBackground(work: Promise<unknown>): void;
  /** Lets time pass until nothing is left to happen. @throws what went wrong in the background */
  untilCalm(onStep: () => void): Promise<void>;
}

export async function setStage(storeName: StoreName, seed: number, size: StormSize, assets: string, cleanup: Cleanup): Promise<Stage> {
  const clock = new SimulatedClock();
  const agenda = new Agenda(clock);
  const log = new LogBook(clock);
  const random = new Random(seed, 'stage');
  const kept = async <T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    cleanup.add(async () => void await started.stop());
    return started;
  };

  const store = await kept(startStore(storeName, TABLES, clock));
  const secrets = await kept(startSecretsManager());
  const queueOf = (name: string) => new MessageQueue(`https://sqs.${REGION}.amazonaws.com/111122223333/${name}`, () => clock.now());
  const queues = TABLES.map(({ name }) => ({ queue: queueOf(name), deadLetters: queueOf(`${name}_dead_letters`) }));
  let replays = 0;
  const queueService = await kept(startQueueService({
    queues: queues.flatMap(({ queue, deadLetters }) => [queue, deadLetters]),
    senders: SENDERS,
    // Just about as old as a snapshot may be that is believed, now and then.
    latenessMs: (senderId) => (senderId === SENDERS.AKIATRIGGER && random.chance(0.3) ? random.between(5_000, 70_000) : 0),
    onSent: (queue, body, senderId) => {
      // A snapshot that comes back after an hour, as from a redrive, and as sent by the trigger itself.
      if (senderId !== SENDERS.AKIATRIGGER || !random.chance(0.2)) return;
      agenda.after(HOUR, () => queue.send({ body, senderId }));
      replays += 1;
    },
  }));
  const kills = new Kills(store, new Random(seed, 'kills'));
  const node = await node24();
  const syncs = await Promise.all(TABLES.map(async (table, index): Promise<Sync> => {
    const directory = await kept(startUserDirectory({ userPoolId: `${REGION}_storm${index}`, now: () => clock.now() }));
    directory.lagMs = USUAL_LAG_MILLIS;
    const sync = startSync({
      ...queues[index],
      table,
      store,
      directory,
      queueService,
      secrets,
      node,
      clock,
      kills,
      killProbability: size.consumerKillProbability,
      random: new Random(seed, 'polling', index),
      assets,
      onLine: (functionName, line) => log.add(functionName, line),
    });
    cleanup.add(async () => void await Promise.all([sync.triggers.stop(), sync.consumers.stop()]));
    return sync;
  }));

  const inFlight = new Set<Promise<unknown>>();
  let failure: Error | undefined;
  const stage: Stage = {
    clock,
    agenda,
    store,
    queueService,
    kills,
    log,
    syncs,
    get replays() { return replays; },
    inBackground(work) {
      const ended: Promise<unknown> = work.catch((error: Error) => { failure ??= error; }).finally(() => inFlight.delete(ended));
      inFlight.add(ended);
    },
    async untilCalm(onStep) {
      for (;;) {
        await agenda.runDue();
        for (const { eventSource } of syncs) eventSource.poll().forEach(stage.inBackground);
        await untilIdle(inFlight);
        if (failure) throw failure;
        onStep();
        const next = Math.min(agenda.next, ...syncs.map(({ queue }) => queue.next));
        if (inFlight.size > 0) await clock.advance(SMALL_STEP);
        else if (next === Infinity) return;
        // A little later than the next thing, so that what happens at about the same time happens together.
        else await clock.advanceTo(Math.max(next, clock.now()) + random.between(0, size.stepMs));
      }
    },
  };
  return stage;
}

/** Or until patience is at its end. */
async function untilIdle(inFlight: ReadonlySet<Promise<unknown>>): Promise<void> {
  const patience = new AbortController();
  const idle = async () => {
    while (inFlight.size > 0 && !patience.signal.aborted) await Promise.all(inFlight);
  };
  await Promise.race([idle(), sleep(PATIENCE, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
}
