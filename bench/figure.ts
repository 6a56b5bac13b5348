import { statSync } from 'node:fs';

/** One result: a ratio of ours to theirs, or a size. */
export interface Figure {
  readonly name: string;
  /** Null where a side could not be measured. */
  readonly value: number | null;
  readonly goal?: Goal;
  /** Medians behind a ratio. */
  readonly oursMs?: number;
  readonly theirsMs?: number;
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

const GOALS: Readonly<Record<string, Goal>> = {
  coldVsBarePg: { atMost: 0.9 },
  coldWithSecretVsSequential: { atMost: 0.6 },
  coldVsSeed000: { atMost: 1 },
  warmVsBarePg: { atMost: 1.05 },
  warmVsSeed000: { atMost: 0.5 },
  warmVsSeed000Loopback: { atMost: 0.1 },
  triggerBundleBytes: { atMost: 100_000 },
  bulkVsCopyMerge: { atLeast: 0.9 },
  bulkVsCopyMerge10: { atLeast: 0.8 },
  bulkMemoryGrowth: { atMost: 1.1 },
};

/** Of times: less is better. @param theirs of a peer that cannot run here: undefined */
export function ratio(name: string, ours: readonly number[], theirs: readonly number[] | undefined): Figure {
  const oursMs = rounded(median(ours));
  if (theirs === undefined) return { name, value: null, goal: GOALS[name], oursMs };
  const theirsMs = rounded(median(theirs));
  return { name, value: rounded(median(ours) / median(theirs)), goal: GOALS[name], oursMs, theirsMs };
}

/** Of what is done in the same time, by the times for the same work: more is better. */
export function speed(name: string, ours: readonly number[], theirs: readonly number[]): Figure {
  return { ...ratio(name, ours, theirs), value: rounded(median(theirs) / median(ours)) };
}

/** @returns how many times as much the last is as the first */
export function growth(name: string, [first, last]: readonly number[]): Figure {
  return { name, value: rounded(last / first), goal: GOALS[name] };
}

export function bytesOf(name: string, file: string): Figure {
  return { name, value: statSync(file).size, goal: GOALS[name] };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
