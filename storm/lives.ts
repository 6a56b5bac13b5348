import type { Random } from './random';

/**
 * - `signUp`: confirms the sign-up; the trigger runs.
 * - `change`: user attributes are other ones than before.
 * - `resetPassword`: confirms a forgotten password; the trigger runs once more.
 * - `leave`: the user is deleted.
 */
export type Deed = 'signUp' | 'change' | 'resetPassword' | 'leave';

export interface Step {
  /** Milliseconds after the storm began. */
  readonly at: number;
  readonly deed: Deed;
  /** From now on the user has a name that the table's check constraint refuses. */
  readonly isPoison?: boolean;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What one user does and when. Often several things within seconds: that is where an old state can overtake a newer one. */
export function lifeOf(random: Random, signUpsEndAt: number): Step[] {
  const steps: Step[] = [{ at: random.between(0, signUpsEndAt), deed: 'signUp', isPoison: random.chance(0.01) }];
  const later = () => steps.at(-1)!.at + pause(random);
  for (let changes = random.pick([0, 1, 1, 2, 2, 3, 5]); changes > 0; changes--) {
    steps.push({ at: later(), deed: 'change', isPoison: random.chance(0.01) });
    if (random.chance(0.1)) steps.push({ at: later(), deed: 'resetPassword' });
  }
  if (random.chance(0.25)) steps.push({ at: later(), deed: 'leave' });
  return steps;
}

function pause(random: Random): number {
  return random.pick([
    () => random.between(0.5 * SECOND, 20 * SECOND),
    () => random.between(20 * SECOND, 3 * MINUTE),
    () => random.between(3 * MINUTE, 30 * MINUTE),
  ])();
}

/**
 * When the copies of one notification reach the queue, in milliseconds from now: mostly one copy within seconds, some
 * twice or three times, some many minutes late, and now and then one more after an hour, as from a redrive. None where it
 * gets lost.
 */
export function deliveries(random: Random): number[] {
  if (random.chance(0.02)) return [];
  const copies = random.chance(0.25) ? random.whole(2, 3) : 1;
  const delays = Array.from({ length: copies }, () => random.pick([
    () => random.between(0.5 * SECOND, 5 * SECOND),
    () => random.between(0.5 * SECOND, 5 * SECOND),
    () => random.between(5 * SECOND, 2 * MINUTE),
    () => random.between(2 * MINUTE, 25 * MINUTE),
  ])());
  return random.chance(0.05) ? [...delays, random.between(60 * MINUTE, 70 * MINUTE)] : delays;
}
