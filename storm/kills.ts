import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, FunctionProcess } from './function-process';
import type { Random } from './random';
import type { StormStore } from './store';

/** So late after a function was called, at most, in real milliseconds: in the middle of what it does. */
const LATEST = 25;

/** While somebody waits for a commit, the store's answer travels so long in each direction: the kill comes before it. */
const LATENCY = 30;

/** Kills processes as Lambda does, at any moment; also right after a commit, before the function knows of it. */
export class Kills {
  count = 0;
  /** Those of them that came after a commit and before its answer. */
  afterCommit = 0;
  private readonly awaited = new Map<string, () => void>();

  constructor(private readonly store: StormStore, private readonly random: Random) {
    store.onCommit((sub) => this.awaited.get(sub)?.());
  }

  /** @param subs whose rows may be written by this invocation */
  async during(invoke: () => Promise<Answer>, process: FunctionProcess, probability: number, subs: readonly string[]): Promise<Answer> {
    if (!this.random.chance(probability)) return invoke();
    const answer = await (this.random.chance(0.5) ? this.anywhere(invoke, process) : this.uponCommit(invoke, process, subs));
    if (answer === undefined) this.count += 1;
    return answer;
  }

  private async anywhere(invoke: () => Promise<Answer>, process: FunctionProcess): Promise<Answer> {
    const ended = new AbortController();
    const killed = sleep(this.random.between(0, LATEST), undefined, { signal: ended.signal }).then(() => process.kill(), () => undefined);
    const answer = await invoke();
    ended.abort();
    await killed;
    return answer;
  }

  private async uponCommit(invoke: () => Promise<Answer>, process: FunctionProcess, subs: readonly string[]): Promise<Answer> {
    let hasCommitted = false;
    for (const sub of subs) {
      this.awaited.set(sub, () => {
        hasCommitted = true;
        process.kill();
      });
    }
    await this.listen();
    const answer = await invoke();
    for (const sub of subs) this.awaited.delete(sub);
    await this.listen();
    if (answer === undefined && hasCommitted) this.afterCommit += 1;
    return answer;
  }

  private async listen(): Promise<void> {
    const isAwaiting = this.awaited.size > 0;
    this.store.proxy.latencyMs = isAwaiting ? LATENCY : 0;
    await this.store.tell(isAwaiting);
  }
}
