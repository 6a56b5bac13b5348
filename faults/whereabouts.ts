import type { Site } from './site';
import type { Queue, QueueMessage } from '../test/support/sqs';

/** Where a user is, best place first. */
export const PLACES = ['table', 'queue', 'deadLetters', 'unrecorded'] as const;
export type Place = (typeof PLACES)[number];

/** Looked up in the table and in the queues: nobody is asked who may be mistaken. */
export async function whereabouts({ store, sqs, queue }: Site, sub: string): Promise<Place> {
  if ((await store.rows()).some((row) => row.cognito_user_id === sub)) return 'table';
  const isIn = async (each: Queue) => (await messagesIn(sqs, each)).some(({ body }) => subOf(body) === sub);
  if (await isIn(queue)) return 'queue';
  return await isIn(queue.deadLetters) ? 'deadLetters' : 'unrecorded';
}

export async function messagesIn(sqs: Site['sqs'], queue: Queue): Promise<readonly QueueMessage[]> {
  const { visible, delayed, inFlight } = await sqs.messages(queue);
  return [...visible, ...delayed, ...inFlight];
}

export function worst(places: readonly Place[]): Place {
  return places.reduce((a, b) => (PLACES.indexOf(b) > PLACES.indexOf(a) ? b : a), 'table');
}

function subOf(body: string): unknown {
  try {
    return Object(JSON.parse(body)).sub;
  } catch {
    return undefined;
  }
}
