import type { Figure, Goal } from './figure';

/** What was measured, in the order of the table. */
export interface Results {
  readonly figures: readonly Figure[];
  /** Versions, rounds, machine. */
  readonly configuration: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

const WIDTHS = [30, 9, 13, 11, 11] as const;

export function table({ figures, configuration, notes }: Results): string {
  return [
    '',
    line('', 'figure', 'goal', 'ours', 'theirs'),
    ...figures.map(({ name, value, goal, oursMs, theirsMs }) => line(name, numeral(value), verdict(value, goal), milliseconds(oursMs), milliseconds(theirsMs))),
    '',
    ...Object.entries(configuration).map(([what, is]) => `${what.padEnd(15)} ${is}`),
    '',
    ...notes,
    '',
  ].join('\n');
}

/** The figures by name at the top; what they come from beside them. */
export function json({ figures, configuration, notes }: Results): string {
  const medians = figures.filter(({ oursMs }) => oursMs !== undefined).map(({ name, oursMs, theirsMs = null }) => [name, { oursMs, theirsMs }]);
  return JSON.stringify({ ...Object.fromEntries(figures.map(({ name, value }) => [name, value])), medians: Object.fromEntries(medians), configuration, notes });
}

function line(name: string, ...cells: readonly string[]): string {
  return [name.padEnd(WIDTHS[0]), ...cells.map((cell, index) => cell.padStart(WIDTHS[index + 1]))].join(' ');
}

function numeral(value: number | null): string {
  if (value === null) return '-';
  return Number.isInteger(value) && value > 10 ? String(value) : value.toFixed(3);
}

function verdict(value: number | null, goal: Goal | undefined): string {
  if (goal === undefined) return '';
  const [sign, bound, isMet] = 'atMost' in goal ? ['≤', goal.atMost, value! <= goal.atMost] : ['≥', goal.atLeast, value! >= goal.atLeast];
  return `${sign} ${bound} ${value === null ? ' ' : isMet ? '✓' : '✗'}`;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(2)} ms`;
}
