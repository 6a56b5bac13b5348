const SECONDS_BETWEEN_LINES = 10;

let lastLine = performance.now();

/** One line that changes in a terminal; elsewhere a new one now and then. */
export function progressOnStandardError(line: string): void {
  const { stderr } = process;
  if (stderr.isTTY) {
    stderr.write(`\r\x1b[K${line}`);
  } else if (performance.now() - lastLine > SECONDS_BETWEEN_LINES * 1000) {
    lastLine = performance.now();
    stderr.write(`${line}\n`);
  }
}

export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}
