import { InvalidArgumentError } from 'commander';
import type { DeadLetter } from './dead-letter';

/** Which dead letters are meant: those that are all of this. */
export interface Choice {
  /** One of these users. */
  readonly sub?: readonly string[];
  /** Dead since then or later. */
  readonly since?: Date;
}

export function chosen<Letter extends DeadLetter>(letters: readonly Letter[], { sub, since }: Choice): Letter[] {
  return letters.filter((letter) => (!sub || sub.includes(letter.sub ?? '')) && (!since || new Date(letter.deadSince) >= since));
}

const MINUTES = 60_000;
const UNITS = { m: MINUTES, h: 60 * MINUTES, d: 24 * 60 * MINUTES } as const;

/** @throws InvalidArgumentError */
export function parseSince(value: string): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(value) ?? [];
  const since = unit ? new Date(Date.now() - Number(count) * UNITS[unit as keyof typeof UNITS]) : new Date(value);
  // JavaScript takes almost anything for a date.
  if (!unit && !/^\d{4}-\d\d-\d\d/.test(value) || Number.isNaN(since.getTime())) {
    throw new InvalidArgumentError('Expected 30m, 2h or 3d, or a time such as 2026-03-01 or 2026-03-01T09:30:00Z.');
  }
  if (since.getTime() > Date.now()) throw new InvalidArgumentError('That is yet to come: expected a time in the past.');
  return since;
}

/** @throws InvalidArgumentError */
export function parseQueueUrl(value: string): string {
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
  if (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) && /^\/.+\/[\w-]+(\.fifo)?$/.test(new URL(value).pathname)) return value;
  throw new InvalidArgumentError('Expected https://sqs.<region>.amazonaws.com/<account>/<name>.');
}
