import { type InterposedAnswer, type InterposedExchange, tellAll } from '../../test/support/http-interposer';
import type { SimulatedClock } from '../simulated-clock';
import type { AuditedWrite } from '../verdict';

/** How a store that speaks HTTP fails, for a while. */
export interface Failure {
  readonly answer: InterposedAnswer;
  /** The write is done all the same. */
  readonly isDone?: true;
}

/** What became of one request. */
export interface Outcome {
  readonly answer: InterposedAnswer;
  /** Where there was a write. */
  readonly write?: Pick<AuditedWrite, 'writer' | 'sub' | 'generation' | 'observedAt'>;
}

/**
 * Lets one request after the other to a store that speaks HTTP, and writes down what it has written: in the order in which
 * it did, which the answers of requests side by side would not tell.
 */
export class OneByOne {
  readonly audit: AuditedWrite[] = [];
  private readonly listeners: Array<(sub: string) => void> = [];
  private last: Promise<unknown> = Promise.resolve();
  private failure: Failure | undefined;
  private release: (() => void) | undefined;

  constructor(
    private readonly clock: SimulatedClock,
    private readonly failures: Readonly<Record<string, Failure>>,
    private readonly perform: (exchange: InterposedExchange) => Promise<Outcome>,
  ) {}

  /** Answers a request when its turn has come. Also one whose sender has been killed meanwhile: it is on its way. */
  async meet(exchange: InterposedExchange): Promise<void> {
    const { failure } = this;
    if (failure && !failure.isDone) return tellAll(exchange.response, failure.answer);
    const { answer } = await this.inTurn(async () => {
      const outcome = await this.perform(exchange);
      if (outcome.write) this.write({ operation: 'UPDATE', ...outcome.write });
      return outcome;
    });
    tellAll(exchange.response, failure?.answer ?? answer);
  }

  /** The application's own. */
  async delete(sub: string, work: () => unknown): Promise<void> {
    await this.inTurn(async () => {
      await work();
      this.write({ operation: 'DELETE', writer: 'application', sub, generation: null, observedAt: null });
    });
  }

  raise(name: string | undefined): void {
    this.failure = name === undefined ? undefined : this.failures[name];
  }

  /** From when what is under way is done. */
  async lock(): Promise<void> {
    await new Promise<void>((locked) => {
      void this.inTurn(() => new Promise<void>((release) => {
        this.release = release;
        locked();
      }));
    });
  }

  unlock(): void {
    this.release?.();
  }

  onCommit(listener: (sub: string) => void): void {
    this.listeners.push(listener);
  }

  private write(write: Omit<AuditedWrite, 'at'>): void {
    this.audit.push({ at: this.clock.now(), ...write });
    for (const listener of this.listeners) listener(write.sub);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}
