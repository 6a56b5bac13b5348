import type { DeadLetterQueue, HeldLetter } from './dead-letter-queue';
import { DONE } from '../exit-code';
import type { Session } from '../session';

/** Looks at all the dead letters, and gives back whatever is left of them in the end, even if that is an error or Ctrl-C. */
export async function lookAt(queue: DeadLetterQueue, session: Session, use: (letters: readonly HeldLetter[], expected: number) => Promise<number>): Promise<number> {
  const expected = await queue.approximateNumberOfMessages();
  try {
    const letters = await queue.hold(expected, session.interrupted, (count) => session.progress(`Looking: ${count} of about ${expected} …`));
    if (session.interrupted.aborted) return DONE;
    session.say(`Seen: ${letters.length} of about ${expected} dead letters.`);
    if (letters.length < expected) session.say('SQS counts roughly, or the others are in somebody else\'s hands: try again in a few minutes.');
    return await use(letters, expected);
  } finally {
    const failed = await queue.giveBack();
    if (failed > 0) session.say(`${failed} dead letters could not be given back: they can be received again at ${new Date(queue.heldUntil).toISOString()}.`);
    if (session.interrupted.aborted && failed === 0) session.say('Stopped. All that was taken from the queue is back there.');
  }
}

/** Each reason once, and how often. */
export function sayWhy(what: string, reasons: readonly string[], session: Session): void {
  for (const reason of new Set(reasons)) session.say(`${reasons.filter((other) => other === reason).length} ${what}: ${reason}`);
}
