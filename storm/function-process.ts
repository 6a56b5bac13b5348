import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { SimulatedClock } from './simulated-clock';
import { environmentVariables, invocationContext, type FunctionSettings } from '../test/support/lambda-environment';

export interface FunctionProcessOptions extends FunctionSettings {
  readonly node: string;
  readonly clock: SimulatedClock;
  /** As Lambda's: then the process is killed. In real time. */
  readonly timeoutMs: number;
  readonly onLine: (line: string) => void;
}

/** Undefined where the process ended before it answered. */
export type Answer = { readonly payload: unknown } | { readonly error: string } | undefined;

/** One execution environment of a Lambda function, on Node.js 24 and the storm's clock. One event at a time; a killed one starts anew. */
export class FunctionProcess {
  isBusy = false;
  private child?: ChildProcess;

  constructor(private readonly options: FunctionProcessOptions) {
    options.clock.onJump((offset) => {
      if (this.child?.connected) this.child.send({ offset });
    });
  }

  async invoke(event: unknown): Promise<Answer> {
    this.isBusy = true;
    try {
      const child = this.child?.connected ? this.child : await this.started();
      if (!child) return undefined;
      const { timeoutMs } = this.options;
      const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
      child.send({ event, context: invocationContext(this.options, randomUUID()), timeoutMs });
      const answer = await messageOf(child) as Answer;
      clearTimeout(timer);
      return answer;
    } finally {
      this.isBusy = false;
    }
  }

  /** In the middle of whatever it does. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** Undefined where it was killed meanwhile. */
  private async started(): Promise<ChildProcess | undefined> {
    const { node, clock, onLine } = this.options;
    const env = { ...environmentVariables(this.options), STORM_CLOCK_OFFSET: String(clock.offset) };
    const child = fork(join(__dirname, 'function-bootstrap.js'), { execPath: node, execArgv: [], env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.child = child;
    child.on('error', () => undefined); // of sending to one that was just killed: its end is what counts
    for (const output of [child.stdout!, child.stderr!]) createInterface(output).on('line', onLine);
    if (await messageOf(child) === 'loaded') return child;
    if (child.signalCode !== null) return undefined;
    throw new Error(`function ${this.options.name} ended while it loaded ${this.options.folder}: run it by itself to see why`);
  }
}

/** Undefined where the process ends before it says anything. */
function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    const settle = (message?: unknown) => {
      child.off('message', settle).off('close', onClose);
      resolve(message);
    };
    const onClose = () => settle();
    child.on('message', settle).on('close', onClose);
  });
}
