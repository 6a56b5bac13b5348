import { statSync } from 'node:fs';

/** One result: a ratio of ours to theirs, or a size. */
export interface Figure {
  readonly name: string;
  /** Null where a side could not be measured. */
  readonly value: number | null;
  /** What the ratio should not exceed. */
  readonly goal?: number;
  /** Medians behind a ratio. */
  readonly oursMs?: number;
  readonly theirsMs?: number;
}

const GOALS: Readonly<Record<string, number>> = {
  coldVsBarePg: 0.9,
  coldVsSeed000: 1,
  warmVsBarePg: 1.05,
  warmVsSeed000: 0.5,
  warmVsSeed000Loopback: 0.1,
  triggerBundleBytes: 100_000,
};

/** @param theirs of a peer that cannot run here: undefined */
export function ratio(name: string, ours: readonly number[], theirs: readonly number[] | undefined): Figure {
  const oursMs = rounded(median(ours));
  if (theirs === undefined) return { name, value: null, goal: GOALS[name], oursMs };
  const theirsMs = rounded(median(theirs));
  return { name, value: rounded(median(ours) / median(theirs)), goal: GOALS[name], oursMs, theirsMs };
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
