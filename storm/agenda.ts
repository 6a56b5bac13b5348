import type { SimulatedClock } from './simulated-clock';

interface Entry {
  readonly at: number;
  readonly run: () => unknown;
}

/** What happens when, by the simulated clock. */
export class Agenda {
  /** The latest first: the next one is taken from the end. */
  private readonly entries: Entry[] = [];

  constructor(private readonly clock: SimulatedClock) {}

  /** When the next thing happens; Infinity where nothing does. */
  get next(): number {
    return this.entries.at(-1)?.at ?? Infinity;
  }

  get length(): number {
    return this.entries.length;
  }

  at(moment: number, run: () => unknown): void {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.entries[middle].at > moment) low = middle + 1;
      else high = middle;
    }
    this.entries.splice(low, 0, { at: moment, run });
  }

  after(millis: number, run: () => unknown): void {
    this.at(this.clock.now() + millis, run);
  }

  /** Everything whose time has come, in order. */
  async runDue(): Promise<void> {
    while (this.next <= this.clock.now()) await this.entries.pop()!.run();
  }
}
