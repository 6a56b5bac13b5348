import type { Site } from './site';
import type { Queue, QueueMessage } from '../test/support/sqs';

/** Where a user is, best place first. */
export const PLACES = ['table', 'queue', 'deadLetters', 'unrecorded'] as const;
export type Place = (typeof PLACES)[number];

/** Looked up in the table and in the queues: nobody is asked who may be mistaken. */
export async function whereabouts({ database, sqs, queue }: Site, sub: string): Promise<Place> {
  // A table that a fault has renamed has nobody.
  const rows = await database.sql('select from public.users where cognito_user_id = $1', [sub]).catch((error: { code?: string }) => {
    if (error.code === '42P01') return [];
    throw error;
  });
  if (rows.length > 0) return 'table';
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
