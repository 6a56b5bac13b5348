const FIRST_SECONDS = 5;
const MOST_SECONDS = 900;

/**
 * Seconds until the next try: longer each time, so that an outage of hours is waited out, and not all at once.
 *
 * @param receiveCount how often the message was tried, this time included
 */
export function backoffSeconds(receiveCount: number): number {
  const seconds = Math.min(MOST_SECONDS, FIRST_SECONDS * 2 ** (Math.max(1, receiveCount) - 1));
  return Math.ceil(seconds * (0.75 + Math.random() / 4));
}
