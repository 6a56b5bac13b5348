import { monotonicMillis } from './monotonic-clock';
/** A moment by which something must be done, on a clock that nobody sets. */
export class Deadline {
  /** @param millis from now */
  static after(millis: number): Deadline {
    return new Deadline(monotonicMillis() + millis);
  }

  private constructor(private readonly at: number) {}

  /** Milliseconds left, never negative. */
  remaining(): number {
    return Math.max(0, this.at - monotonicMillis());
  }

  /** The earlier of this deadline and one so many milliseconds from now. */
  within(millis: number): Deadline {
    return new Deadline(Math.min(this.at, monotonicMillis() + millis));
  }

  /**
   * The work's result, or `onPassed`'s error once the time is up. The work itself goes on: whoever started it must be
   * able to stop it, and what becomes of it later is nobody's surprise (no unhandled rejection).
   */
  async race<T>(work: Promise<T>, onPassed: () => Error): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(onPassed()), Math.ceil(this.remaining()));
    });
    try {
      return await Promise.race([work, passed]);
    } finally {
      clearTimeout(timer);
    }
  }
}
