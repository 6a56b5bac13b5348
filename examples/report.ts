import type { Result } from './run';

const WIDTHS = [26, 8, 12, 8] as const;

export function table(results: readonly Result[]): string {
  return [line(' ', 'example', 'synth', 'end to end', 'seconds'), ...results.map(tableRow)].join('\n');
}

export function counted(results: readonly Result[]): string {
  const passed = results.filter(hasPassed).length;
  return `${passed} passed, ${results.length - passed} failed`;
}

export function json(results: readonly Result[]): string {
  return JSON.stringify({ examples: results.map(({ name, synth, endToEnd }) => ({ name, synth, endToEnd })) });
}

export function hasPassed({ failure }: Result): boolean {
  return failure === undefined;
}

function tableRow(result: Result): string {
  const { name, synth, endToEnd, seconds } = result;
  return line(hasPassed(result) ? '✓' : '✗', name, told(synth), told(endToEnd), seconds.toFixed(1));
}

function told(outcome: boolean | null): string {
  return outcome === null ? '–' : outcome ? 'ok' : 'failed';
}

function line(mark: string, name: string, ...cells: readonly string[]): string {
  return [mark, name.padEnd(WIDTHS[0]), ...cells.map((cell, index) => cell.padStart(WIDTHS[index + 1]))].join(' ');
}
