import { type Choice, chosen } from './choice';
import { DeadLetterQueue, inParts } from './dead-letter-queue';
import { lookAt, sayWhy } from './look';
import { tableOf } from './table';
import { DONE, PARTLY } from '../exit-code';
import { Problem } from '../problem';
import type { Session } from '../session';

export interface DropOptions extends Choice {
  readonly queueUrl: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

const AT_ONCE = 100;

export async function drop({ queueUrl, all, yes, ...choice }: DropOptions, session: Session): Promise<number> {
  if (!all && !choice.sub && !choice.since) throw new Problem('got nothing to drop: expected --sub, --since, or --all');
  if (all && (choice.sub || choice.since)) throw new Problem('got --all beside --sub or --since: expected one or the other');
  if (!yes && !session.canAsk) throw new Problem('there is no terminal to ask on: add --yes to delete the messages for good');
  const queue = new DeadLetterQueue(queueUrl);
  return lookAt(queue, session, async (seen) => {
    const letters = chosen(seen, choice);
    session.print(tableOf(letters));
    if (!yes && letters.length > 0) {
      if (!await session.confirm(`Delete ${letters.length} of ${seen.length} dead letters for good? Their users are not written until they are seen again.`)) {
        session.say('Nothing was dropped.');
        return PARTLY;
      }
      // Somebody else may hold them by now, and SQS would say that they are deleted.
      if (Date.now() > queue.heldUntil) throw new Problem('the answer took too long, and nothing was dropped: run the command again');
    }
    const reasons: string[] = [];
    let dropped = 0;
    for (const several of inParts(letters, AT_ONCE)) {
      if (session.interrupted.aborted) break;
      const failures = await queue.delete(several);
      reasons.push(...failures.map(({ reason }) => reason));
      dropped += several.length - failures.length;
      session.progress(`Dropping: ${dropped} of ${letters.length} …`);
      if (failures.length === several.length) break; // the others would not fare better
    }
    sayWhy('could not be dropped', reasons, session);
    session.print(`Dropped: ${dropped}. Could not be dropped: ${reasons.length}. Left: ${seen.length - dropped - reasons.length}.`);
    return reasons.length > 0 ? PARTLY : DONE;
  });
}
