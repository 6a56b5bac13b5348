import { createInterface } from 'node:readline';
import { INTERRUPTED } from './exit-code';

const MILLIS_BETWEEN_LINES = 2_000;

/** One run of a command: what it tells the person in front of it, and whether they want it to end. */
export class Session {
  private readonly interruption = new AbortController();
  private readonly isTerminal = process.stderr.isTTY === true;
  private isProgressShown = false;
  private nextLineAt = Date.now() + MILLIS_BETWEEN_LINES;

  constructor() {
    // Only the first: the second one ends the process at once, as ever.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => this.interrupt(signal));
    // Whoever reads may stop reading, as `head` does; what was taken from a queue must be given back all the same.
    for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
  }

  /** Aborted when the command is to end soon, after putting everything back in its place. */
  get interrupted(): AbortSignal {
    return this.interruption.signal;
  }

  exitCode(code: number): number {
    return this.interrupted.aborted ? INTERRUPTED[this.interrupted.reason as keyof typeof INTERRUPTED] : code;
  }

  /** For people. */
  say(line: string): void {
    this.endProgress();
    process.stderr.write(`${line}\n`);
  }

  /** For the next program in the pipe, and for people. */
  print(text: string): void {
    this.endProgress();
    if (text) process.stdout.write(`${text}\n`);
  }

  /** On a terminal one line that changes, elsewhere a line now and then. */
  progress(text: string): void {
    if (this.isTerminal) {
      process.stderr.write(`\r\u001b[K${text}`);
      this.isProgressShown = true;
    } else if (Date.now() >= this.nextLineAt) {
      this.nextLineAt = Date.now() + MILLIS_BETWEEN_LINES;
      this.say(text);
    }
  }

  get canAsk(): boolean {
    return process.stdin.isTTY === true;
  }

  /** Whether the answer is yes; no answer is none. */
  async confirm(question: string): Promise<boolean> {
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return await new Promise<boolean>((resolve) => {
        terminal.question(`${question} [y/N] `, (answer) => resolve(/^y(es)?$/i.test(answer.trim())));
        terminal.once('close', () => resolve(false));
        // A terminal that is read line by line tells Ctrl-C to its reader alone.
        terminal.once('SIGINT', () => {
          process.stderr.write('\n');
          this.interrupt('SIGINT');
        });
        this.interrupted.addEventListener('abort', () => resolve(false));
      });
    } finally {
      terminal.close();
    }
  }

  private endProgress(): void {
    if (this.isProgressShown) process.stderr.write('\r\u001b[K');
    this.isProgressShown = false;
  }

  private interrupt(signal: keyof typeof INTERRUPTED): void {
    this.say('Stopping …');
    this.interruption.abort(signal);
  }
}
