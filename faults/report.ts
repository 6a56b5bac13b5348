import type { Verdict } from './verdict';

const WIDTHS = [48, 9, 12, 6, 11] as const;

export function heading(): string {
  return line(' ', 'fault', 'sign-up', 'ended', 'lost', 'duplicates');
}

/** One line, and one more for each promise that was broken. */
export function tableRow({ result: { name, signUpMs, ended, lost, duplicates }, broken }: Verdict): string {
  return [
    line(broken.length === 0 ? '✓' : '✗', name, signUpMs === null ? 'killed' : `${signUpMs} ms`, ended, String(lost), String(duplicates)),
    ...broken.map((sentence) => `    ${sentence}`),
  ].join('\n');
}

export function counted(verdicts: readonly Verdict[]): string {
  const passed = verdicts.filter(({ broken }) => broken.length === 0).length;
  return `${passed} passed, ${verdicts.length - passed} failed`;
}

export function json(verdicts: readonly Verdict[]): string {
  return JSON.stringify({ faults: verdicts.map(({ result }) => result) });
}

function line(mark: string, name: string, ...cells: readonly string[]): string {
  return [mark, name.padEnd(WIDTHS[0]), ...cells.map((cell, index) => cell.padStart(WIDTHS[index + 1]))].join(' ');
}
