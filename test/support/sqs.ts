import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';

/** fauxqs, an SQS emulator, and the AWS SDK's own client for it. It checks no credentials, and its SenderId is always 000000000000. */
export interface Sqs {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly url: string;
  readonly client: SQSClient;
  /** A new queue, with the attributes of `CreateQueue`. */
  queue(name: string, attributes?: Readonly<Record<string, string>>): Promise<Queue>;
  /** Both queues as the construct makes them. */
  queueWithDeadLetters(name?: string): Promise<QueueWithDeadLetters>;
  /** Every message of the queue, received or not, without receiving it. */
  messages(queue: Queue): Promise<QueueMessages>;
  /** From now on; called without anything, SQS is well again. */
  behave(behaviour?: SqsBehaviour): Promise<void>;
  /** Time passes for the queues: what is delayed or in flight comes back. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Queue {
  readonly url: string;
  readonly arn: string;
}

export interface QueueWithDeadLetters extends Queue {
  readonly deadLetters: Queue;
}

export interface QueueMessages {
  readonly visible: readonly QueueMessage[];
  readonly delayed: readonly QueueMessage[];
  readonly inFlight: readonly QueueMessage[];
}

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue?: string }>>;
  readonly approximateReceiveCount: number;
}

export interface SqsBehaviour {
  readonly refusal?: {
    /** Such as AccessDeniedException, or ThrottlingException. */
    readonly code: string;
    readonly message?: string;
    /** @default 400 */
    readonly status?: number;
    /** @default - all */
    readonly actions?: readonly string[];
  };
  /** Before each answer. @default 0 */
  readonly delayMs?: number;
}

const REGION = 'eu-west-1';
const DAYS = 86_400;

// The SDK's advice to leave Node.js 20 is not for those who read a test report.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

export async function startSqs(): Promise<Sqs> {
  const server = fork(join(__dirname, 'sqs-server.mjs'), [REGION], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [first] = await Promise.race([once(server, 'message'), once(server, 'exit')]) as [{ port: number } | number | null];
  if (typeof first !== 'object' || first === null) throw new Error(`fauxqs ended with ${first}, expected it to listen: its error is above`);
  // Whoever forgets to stop it ends all the same, and it with them.
  server.unref();
  server.channel?.unref();
  const url = `http://127.0.0.1:${first.port}`;
  const client = new SQSClient({ endpoint: url, region: REGION, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });

  let aheadMs = 0;

  async function put(setting: string, value: object): Promise<void> {
    await fetch(`${url}/_test/${setting}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
  }

  async function queue(name: string, attributes: Readonly<Record<string, string>> = {}): Promise<Queue> {
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    return { url: QueueUrl!, arn: Attributes!.QueueArn! };
  }

  return {
    url,
    client,
    queue,
    async queueWithDeadLetters(name = 'user-sync') {
      const deadLetters = await queue(`${name}-dead-letters`, { MessageRetentionPeriod: String(14 * DAYS) });
      const source = await queue(name, {
        MessageRetentionPeriod: String(4 * DAYS),
        VisibilityTimeout: '360',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1000 }),
      });
      return { ...source, deadLetters };
    },
    async messages({ arn }) {
      const response = await fetch(`${url}/_fauxqs/queues/${arn.split(':').at(-1)}`);
      const { messages: { ready, delayed, inflight } } = await response.json() as InspectedQueue;
      return { visible: ready, delayed, inFlight: inflight.map(({ message }) => message) };
    },
    behave: (behaviour = {}) => put('behaviour', behaviour),
    advance: (milliseconds) => put('clock', { aheadMs: aheadMs += milliseconds }),
    async stop() {
      client.destroy();
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.ref();
      const exited = once(server, 'exit');
      server.disconnect();
      await exited;
    },
  };
}

/** https://github.com/kibertoad/fauxqs#queue-inspection */
interface InspectedQueue {
  readonly messages: {
    readonly ready: readonly QueueMessage[];
    readonly delayed: readonly QueueMessage[];
    readonly inflight: readonly { readonly message: QueueMessage }[];
  };
}
