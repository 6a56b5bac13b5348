/**
 * Milliseconds since the process started, on a clock that nobody sets. As `performance.now()`, whose first use loads
 * modules for more than a millisecond of every cold start.
 */
export function monotonicMillis(): number {
  return process.uptime() * 1000;
}
