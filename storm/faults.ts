import type { Agenda } from './agenda';
import type { QueueService } from './queue-service';
import type { Random } from './random';
import type { SimulatedClock } from './simulated-clock';
import type { StormSize } from './size';
import type { StormStore } from './store';
import type { UserDirectory } from '../test/support/user-directory';

/** What can go wrong around the functions, for a while. */
interface Fault {
  readonly name: string;
  /** Simulated. */
  readonly seconds: readonly [low: number, high: number];
  /** Functions that meet it wait until their own deadline. */
  readonly isLong?: boolean;
  begin(): unknown;
  end?(): unknown;
}

export interface FaultsOptions {
  readonly store: StormStore;
  readonly queueService: QueueService;
  readonly directories: readonly UserDirectory[];
  readonly agenda: Agenda;
  readonly clock: SimulatedClock;
  readonly random: Random;
}

/** Faults one after the other, so that table and queue are never both down: only then may a user be unrecorded. */
export class Faults {
  /** How often each has happened. */
  readonly counts: Record<string, number> = {};
  private running?: Fault;

  constructor(private readonly options: FaultsOptions) {}

  get current(): string | undefined {
    return this.running?.name;
  }

  schedule({ faults: count, faultsLastMs, hasLongFaults }: StormSize): void {
    const { agenda, clock, random } = this.options;
    const kinds = this.kinds().filter(({ isLong }) => hasLongFaults || !isLong);
    // Each kind comes before any comes again.
    const order = Array.from({ length: Math.ceil(count / kinds.length) }, () => random.shuffled(kinds)).flat().slice(0, count);
    const slot = faultsLastMs / count;
    for (const [index, fault] of order.entries()) {
      const [low, high] = fault.seconds;
      const begin = clock.now() + (index + random.between(0, 0.3)) * slot;
      agenda.at(begin, () => this.begin(fault));
      agenda.at(begin + Math.min(random.between(low, high) * 1000, slot * 0.6), () => this.end(fault));
    }
  }

  private async begin(fault: Fault): Promise<void> {
    this.running = fault;
    this.counts[fault.name] = (this.counts[fault.name] ?? 0) + 1;
    await fault.begin();
  }

  private async end(fault: Fault): Promise<void> {
    await fault.end?.();
    this.running = undefined;
  }

  private kinds(): Fault[] {
    const { store, store: { proxy }, queueService, directories, random } = this.options;
    const queueRefuses = (refusal: QueueService['refusal']) => {
      queueService.refusal = refusal;
    };
    const lag = (millis: number) => {
      for (const directory of directories) directory.lagMs = millis;
    };
    return [
      { name: 'connections cut', seconds: [1, 1], begin: () => proxy.cut() },
      { name: 'connections silent', seconds: [3, 6], begin: () => proxy.silence(), end: () => proxy.cut() },
      {
        name: 'connections refused',
        seconds: [10, 40],
        begin: async () => {
          await proxy.refuse();
          proxy.cut();
        },
        end: () => proxy.restore(),
      },
      {
        name: 'black hole',
        seconds: [3, 6],
        begin: async () => {
          await proxy.blackHole();
          proxy.silence();
        },
        end: async () => {
          await proxy.restore();
          proxy.cut();
        },
      },
      { name: 'black hole without end', seconds: [6, 6], isLong: true, begin: () => proxy.blackHole().then(() => proxy.cut()), end: () => proxy.restore() },
      { name: 'tables locked', seconds: [2, 12], begin: () => store.lock(), end: () => store.unlock() },
      ...store.failures.map((failure) => ({ name: `every write fails with ${failure}`, seconds: [5, 30] as const, begin: () => store.raise(failure), end: () => store.raise(undefined) })),
      { name: 'SQS unavailable', seconds: [5, 40], begin: () => queueRefuses('ServiceUnavailable'), end: () => queueRefuses(undefined) },
      { name: 'SQS throttles', seconds: [5, 40], begin: () => queueRefuses('RequestThrottled'), end: () => queueRefuses(undefined) },
      { name: 'Cognito throttles', seconds: [1, 1], begin: () => directories.forEach((directory) => directory.throttle(random.whole(20, 200))) },
      { name: 'ListUsers lags', seconds: [20, 60], begin: () => lag(random.between(3_000, 9_000)), end: () => lag(USUAL_LAG_MILLIS) },
    ];
  }
}

/** How long `ListUsers` does not know of a change. */
export const USUAL_LAG_MILLIS = 2_000;
