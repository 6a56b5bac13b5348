import { type Choice, chosen } from './choice';
import type { DeadLetter } from './dead-letter';
import { DeadLetterQueue, type HeldLetter } from './dead-letter-queue';
import { lookAt } from './look';
import { tableOf } from './table';
import { DONE } from '../exit-code';
import type { Session } from '../session';

export interface ListOptions extends Choice {
  readonly queueUrl: string;
  readonly json?: boolean;
}

export function list({ queueUrl, json, ...choice }: ListOptions, session: Session): Promise<number> {
  return lookAt(new DeadLetterQueue(queueUrl), session, async (seen, approximateNumberOfMessages) => {
    const deadLetters = chosen(seen, choice).map(withoutBody);
    session.print(json ? JSON.stringify({ queueUrl, approximateNumberOfMessages, seen: seen.length, deadLetters }) : tableOf(deadLetters));
    return DONE;
  });
}

function withoutBody({ body: _body, receiptHandle: _receiptHandle, ...letter }: HeldLetter): DeadLetter {
  return letter;
}
