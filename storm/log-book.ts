import type { SimulatedClock } from './simulated-clock';

interface Entry {
  readonly at: number;
  readonly functionName: string;
  readonly line: string;
}

/** What the functions log: how often each outcome, and what was said of each user. */
export class LogBook {
  /** By function and outcome: `trigger written`. */
  readonly outcomes: Record<string, number> = {};
  unrecorded = 0;
  private readonly bySub = new Map<string, Entry[]>();
  private readonly waiting = new Set<string>();

  constructor(private readonly clock: SimulatedClock) {}

  add(functionName: string, line: string): void {
    const { sub, outcome } = fieldsOf(line) ?? {};
    if (outcome !== undefined) {
      const name = `${functionName} ${outcome}`;
      this.outcomes[name] = (this.outcomes[name] ?? 0) + 1;
    }
    if (sub === undefined) return;
    const entries = this.bySub.get(sub) ?? [];
    entries.push({ at: this.clock.now(), functionName, line });
    this.bySub.set(sub, entries);
    if (outcome !== 'unrecorded') return;
    this.unrecorded += 1;
    this.waiting.add(sub);
  }

  of(sub: string): readonly Entry[] {
    return this.bySub.get(sub) ?? [];
  }

  /** Users who were unrecorded since the last time. */
  takeUnrecorded(): string[] {
    const subs = [...this.waiting];
    this.waiting.clear();
    return subs;
  }
}

function fieldsOf(line: string): { readonly sub?: string; readonly outcome?: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
