import type { FunctionProcess } from './function-process';

/** The execution environments of one function: whoever comes while all are busy waits. */
export class Fleet {
  private readonly waiting: Array<() => void> = [];
  private readonly taken = new Set<FunctionProcess>();

  constructor(readonly processes: readonly FunctionProcess[]) {}

  get idle(): FunctionProcess[] {
    return this.processes.filter((process) => !this.taken.has(process));
  }

  async with<T>(use: (process: FunctionProcess) => Promise<T>): Promise<T> {
    while (this.idle.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const [process] = this.idle;
    this.taken.add(process);
    try {
      return await use(process);
    } finally {
      this.taken.delete(process);
      this.waiting.shift()?.();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
  }
}
