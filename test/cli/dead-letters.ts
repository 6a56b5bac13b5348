import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { commandLine, local, type Run, type RunOptions } from './command-line';
import { queueMessage } from '../../lambda-src/sources/queue-message';
import type { Queue, QueueWithDeadLetters, Sqs } from '../support/sqs';
import { startSqs } from '../support/sqs';

/** No output of the command line may ever hold it. */
export const CANARY = 'canary-4b1d';

export const ADA = '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10';
export const BOB = '5d1c1f6a-2f1b-4a55-a7ee-0d3f0ec5b2aa';

export interface Letter {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface DeadLetters {
  readonly sqs: Sqs;
  /** New for each test. */
  readonly queue: QueueWithDeadLetters;
  put(letters: readonly Letter[], queue?: Queue): Promise<void>;
  /** `cognito-user-sync dead-letters …`, of this test's dead-letter queue. */
  run(command: string, args?: readonly string[], options?: RunOptions): Promise<Run>;
  bodies(queue: Queue): Promise<string[]>;
}

/** Call it at the top of a test file: an SQS for the file, and queues for each test. */
export function useDeadLetters(): DeadLetters {
  let sqs: Sqs;
  let queue: QueueWithDeadLetters;
  let count = 0;

  beforeAll(async () => { sqs = await startSqs(); });
  beforeEach(async () => { queue = await sqs.queueWithDeadLetters(`user-sync-${++count}`); });
  afterEach(() => sqs.behave());
  afterAll(() => sqs.stop());

  return {
    get sqs() { return sqs; },
    get queue() { return queue; },
    async put(letters, into = queue.deadLetters) {
      for (let first = 0; first < letters.length; first += 10) {
        const Entries = letters.slice(first, first + 10).map(({ body, attributes = {} }, index) => ({
          Id: String(index),
          MessageBody: body,
          MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }])),
        }));
        await sqs.client.send(new SendMessageBatchCommand({ QueueUrl: into.url, Entries }));
      }
    },
    run: (command, args = [], { environment, ...options } = {}) => commandLine(['dead-letters', command, '--queue-url', queue.deadLetters.url, ...args], {
      ...options, environment: { ...local(sqs.url), ...environment },
    }),
    async bodies(of) {
      const { visible, inFlight } = await sqs.messages(of);
      return [...visible, ...inFlight].map(({ body }) => body).sort();
    },
  };
}

/** As the consumer sends it, the canary in all that is the user's own. */
export function deadLetter(sub: string, { observedAt = new Date('2026-03-01T09:30:00Z') } = {}): Letter {
  return {
    body: queueMessage({
      userPoolId: 'eu-west-1_AbCdEfGhI',
      sub,
      username: `${CANARY}@example.com`,
      observedAt,
      clientMetadata: { [`${CANARY}-key`]: CANARY },
      snapshot: {
        status: 'CONFIRMED',
        enabled: true,
        attributes: { 'sub': sub, 'email': `${CANARY}@example.com`, 'name': CANARY, 'custom:tenant': CANARY },
        identities: [{ providerName: CANARY, userId: CANARY }] as never,
      },
    }),
    attributes: {
      failure: 'permanent', error: 'UserStoreError', reason: 'the row breaks the constraint', code: '23505', constraint: 'users_email_key', table: 'users', column: 'email',
    },
  };
}

export function unreadable(): Letter {
  return { body: JSON.stringify({ version: 99, sub: ADA, attributes: { email: CANARY } }), attributes: { failure: 'permanent', error: 'QueueMessageError', reason: 'the message has version 99' } };
}
