/**
 * Goes as fast as the real clock, and jumps where nothing happens: hours pass in seconds. Who lives by it hears of every
 * jump before the next thing happens.
 */
export class SimulatedClock {
  /** Added to the real time, in milliseconds. Never negative. */
  offset = 0;
  private readonly startedAt = Date.now();
  private readonly listeners: Array<(offset: number) => unknown> = [];

  now(): number {
    return Date.now() + this.offset;
  }

  /** Since the storm began, in simulated milliseconds. */
  elapsed(at = this.now()): number {
    return at - this.startedAt;
  }

  onJump(listener: (offset: number) => unknown): void {
    this.listeners.push(listener);
  }

  async advance(millis: number): Promise<void> {
    this.offset += Math.max(0, Math.round(millis));
    await Promise.all(this.listeners.map((listener) => listener(this.offset)));
  }

  async advanceTo(moment: number): Promise<void> {
    await this.advance(moment - this.now());
  }
}
