import type { SyncPlan } from '../../src/private/plan';
import { type QueueConsumer, queueConsumer } from '../queue-consumer';
import type { UsersTable } from '../user-store';

/** The consumer, with the options that the construct wrote into the environment. */
export function deployedConsumer({ columns = {}, queue, consumer, metrics, successLogs }: Partial<SyncPlan>, table: () => UsersTable): QueueConsumer {
  const { deadLetterQueueUrl, ...options } = { ...consumer };
  return queueConsumer({ columns, queue: { url: queue?.url }, deadLetterQueue: { url: deadLetterQueueUrl }, ...options, metrics, successLogs }, table);
}
