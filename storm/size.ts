/** How a storm of so many users is laid out. */
export interface StormSize {
  /** Simulated: all sign up within this time. */
  readonly signUpsLastMs: number;
  /** Simulated: what happens within so much time may happen together. */
  readonly stepMs: number;
  readonly faults: number;
  /** Simulated: within so much time. */
  readonly faultsLastMs: number;
  /** Whether some of them hold a function up until its deadline, which passes in real time. */
  readonly hasLongFaults: boolean;
  /** Of each invocation. */
  readonly triggerKillProbability: number;
  readonly consumerKillProbability: number;
}

/** An hour of sign-ups for 10,000; a small storm is as wild, and shorter. */
export function sizeOf(users: number): StormSize {
  const isSmall = users < 1_000;
  const signUpsLastMs = Math.min(3_600_000, Math.max(300_000, users * 360));
  return {
    signUpsLastMs,
    stepMs: Math.min(30_000, Math.max(4_000, 40_000_000 / users)),
    faults: isSmall ? 15 : Math.min(80, Math.max(32, Math.round(users / 100))),
    faultsLastMs: 1.5 * signUpsLastMs,
    hasLongFaults: !isSmall,
    triggerKillProbability: isSmall ? 0.03 : 0.006,
    consumerKillProbability: isSmall ? 0.03 : 0.015,
  };
}
