import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Choice, chosen } from './choice';
import { DeadLetterQueue, type HeldLetter, inParts } from './dead-letter-queue';
import { lookAt, sayWhy } from './look';
import { tableOf } from './table';
import { DONE, PARTLY } from '../exit-code';
import { inWords, Problem } from '../problem';
import { QueueClient } from '../queue-client';
import type { Session } from '../session';

export interface RedriveOptions extends Choice {
  readonly queueUrl: string;
  /** @default - the only queue whose redrive policy names the dead-letter queue */
  readonly to?: string;
  readonly dryRun?: boolean;
}

const AT_ONCE = 10;

export async function redrive({ queueUrl, to, dryRun, ...choice }: RedriveOptions, session: Session): Promise<number> {
  const deadLetters = new DeadLetterQueue(queueUrl);
  const destination = new QueueClient(to ?? onlySource(await deadLetters.sources(), queueUrl));
  if (destination.url === queueUrl) throw new Problem('the destination is the dead-letter queue itself: expected the queue that the consumer reads');
  session.say(`From ${queueUrl}\n  to ${destination.url}`);
  return lookAt(deadLetters, session, async (seen) => {
    const letters = chosen(seen, choice);
    if (dryRun) {
      session.print(tableOf(letters));
      session.print(`Would be moved: ${letters.length}. Left: ${seen.length - letters.length}.`);
      return DONE;
    }
    const reasons: string[] = [];
    let moved = 0;
    for (const several of inParts(letters, AT_ONCE)) {
      if (session.interrupted.aborted) break;
      const results = await Promise.allSettled(several.map((letter) => move(letter, deadLetters, destination)));
      const failures = results.flatMap((result) => (result.status === 'rejected' ? [inWords(result.reason)] : []));
      reasons.push(...failures);
      moved += several.length - failures.length;
      session.progress(`Moving: ${moved} of ${letters.length} …`);
      if (failures.length === several.length) break; // the others would not fare better
    }
    sayWhy('could not be moved', reasons, session);
    session.print(`Moved: ${moved}. Could not be moved: ${reasons.length}. Left: ${seen.length - moved - reasons.length}.`);
    return reasons.length > 0 ? PARTLY : DONE;
  });
}

/**
 * Deleted only after it is sent: who is killed in between leaves the message in both queues, which is harmless (a replay
 * writes the same row), and never in none. The reason stays behind: if it is still one, the consumer gives it anew.
 */
async function move(letter: HeldLetter, deadLetters: DeadLetterQueue, destination: QueueClient): Promise<void> {
  const command = new SendMessageCommand({ QueueUrl: destination.url, MessageBody: letter.body });
  await destination.call('SendMessage', (sqs) => sqs.send(command));
  const [failure] = await deadLetters.delete([letter]);
  if (failure) throw new Problem(`sent, and now in both queues, which is harmless: ${failure.reason}`);
}

function onlySource(sources: readonly string[], queueUrl: string): string {
  if (sources.length === 1) return sources[0];
  throw new Problem(sources.length === 0
    ? `got no queue whose redrive policy names ${queueUrl}, expected one: say with --to which queue the consumer reads`
    : `got several queues whose dead letters come here, expected one: say with --to which of them is meant\n${sources.map((url) => `  --to ${url}`).join('\n')}`);
}
