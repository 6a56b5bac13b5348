import type { DeadLetter } from './dead-letter';

const COLUMNS: readonly { readonly title: string; readonly cell: (letter: DeadLetter) => string | undefined }[] = [
  { title: 'MESSAGE', cell: ({ messageId }) => messageId },
  { title: 'SUB', cell: ({ sub, unreadable }) => (unreadable ? 'unreadable' : sub) },
  { title: 'USER POOL', cell: ({ userPoolId }) => userPoolId },
  { title: 'OBSERVED', cell: ({ observedAt }) => observedAt },
  { title: 'DEAD FOR', cell: ({ deadSince }) => age(Date.now() - Date.parse(deadSince)) },
  { title: 'FAILURE', cell: ({ failure }) => failure },
  { title: 'ERROR', cell: ({ error }) => error },
  { title: 'CODE', cell: ({ code }) => code },
  { title: 'CONSTRAINT', cell: ({ constraint }) => constraint },
  { title: 'TABLE', cell: ({ table }) => table },
  { title: 'COLUMN', cell: ({ column }) => column },
  // The longest is the last, where a terminal may wrap it.
  { title: 'REASON', cell: ({ reason, unreadable }) => reason ?? unreadable },
];

/** One line for each dead letter, with the columns that any of them has something in. */
export function tableOf(letters: readonly DeadLetter[]): string {
  const columns = COLUMNS.map(({ title, cell }) => ({ title, cells: letters.map((letter) => cell(letter) ?? '') })).filter(({ cells }) => cells.some(Boolean));
  const widths = columns.map(({ title, cells }) => Math.max(title.length, ...cells.map(({ length }) => length)));
  const line = (texts: readonly string[]) => texts.map((text, index) => text.padEnd(widths[index])).join('  ').trimEnd();
  return letters.length === 0 ? '' : [line(columns.map(({ title }) => title)), ...letters.map((_, row) => line(columns.map(({ cells }) => cells[row])))].join('\n');
}

function age(millis: number): string {
  const minutes = Math.max(0, Math.floor(millis / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
}
