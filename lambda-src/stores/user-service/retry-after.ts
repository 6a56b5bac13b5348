import type { IncomingHttpHeaders } from 'node:http';

/**
 * How long a service asks to be left alone: seconds, or a date by its own clock.
 * https://www.rfc-editor.org/rfc/rfc9110.html#name-retry-after
 *
 * @returns milliseconds; undefined where it does not ask
 */
export function retryAfterMillis({ 'retry-after': asked = '', date }: IncomingHttpHeaders): number | undefined {
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * 1000;
  // Date.parse takes nearly anything: of HTTP's three forms of a date, all begin with the day of the week.
  const until = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(asked) ? Date.parse(asked) : NaN;
  if (Number.isNaN(until)) return undefined;
  const now = Date.parse(date ?? '');
  return Math.max(0, until - (Number.isNaN(now) ? Date.now() : now));
}
