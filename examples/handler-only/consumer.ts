import { sync } from './sync';
import { createQueueConsumer } from 'cognito-user-sync/handler';

/** Writes the users who wait in the queue. */
export const handler = createQueueConsumer({
  ...sync,
  deadLetterQueue: { url: process.env.DEAD_LETTER_QUEUE_URL },
  userPoolId: process.env.USER_POOL_ID,
});
