/** Tells how far a part is. */
export type Progress = (part: string, done: number, total: number) => void;

/** On standard error: one line that changes in a terminal, elsewhere one line for each part. */
export const progressOnStandardError: Progress = (part, done, total) => {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`\r\x1b[K${part}${total > 1 ? `: ${done} of ${total}` : ''} …`);
  else if (done === 0) stderr.write(`${part} …\n`);
};

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
