import { join } from 'node:path';
import { EventSource } from './event-source';
import { Fleet } from './fleet';
import { FunctionProcess } from './function-process';
import type { Kills } from './kills';
import type { MessageQueue } from './message-queue';
import type { QueueService } from './queue-service';
import type { Random } from './random';
import type { SimulatedClock } from './simulated-clock';
import { ACCESS_KEY_IDS, type FunctionName, SECRET_ARNS, type StormStore, type StormTable } from './store';
import { PLAN_VARIABLE, type SyncPlan } from '../src/private/plan';
import type { SecretsManager } from '../test/support/secrets-manager';
import type { UserDirectory } from '../test/support/user-directory';

export const REGION = 'eu-west-1';

/** Access key id of each function → the sender id that SQS gives a message of its role. */
export const SENDERS = { AKIATRIGGER: 'AROATRIGGER:trigger', AKIACONSUMER: 'AROACONSUMER:consumer' } as const;

/** Cognito waits as long for the trigger. The consumer's is short, since it passes in real time. */
const TIMEOUTS_MS: Readonly<Record<FunctionName, number>> = { trigger: 5_000, consumer: 16_000 };
const PROCESSES: Readonly<Record<FunctionName, number>> = { trigger: 3, consumer: 2 };

/** One user pool and one table, with the prebuilt functions and the queues between them: what the construct deploys. */
export interface Sync extends StormTable {
  readonly directory: UserDirectory;
  readonly queue: MessageQueue;
  readonly deadLetters: MessageQueue;
  readonly triggers: Fleet;
  readonly consumers: Fleet;
  readonly eventSource: EventSource;
}

export interface SyncOptions {
  readonly table: StormTable;
  readonly store: StormStore;
  readonly directory: UserDirectory;
  readonly queue: MessageQueue;
  readonly deadLetters: MessageQueue;
  readonly queueService: QueueService;
  readonly secrets: SecretsManager;
  readonly node: string;
  readonly clock: SimulatedClock;
  readonly kills: Kills;
  readonly killProbability: number;
  readonly random: Random;
  /** Folder with the bundles. */
  readonly assets: string;
  readonly onLine: (functionName: FunctionName, line: string) => void;
}

export function startSync({ table, store, directory, queue, deadLetters, queueService, secrets, node, clock, kills, killProbability, random, assets, onLine }: SyncOptions): Sync {
  const plan: Omit<SyncPlan, 'database'> = {
    columns: {
      cognito_user_id: 'sub',
      email: 'email',
      display_name: 'name',
      handle: 'preferred_username',
      generation: { from: 'custom:generation', kind: 'integer' },
      status: 'status',
      enabled: 'enabled',
      ...(table.hasVersion && { observed_at: 'observedAt' }),
    },
    queue: { url: queue.url },
  };
  const of: Readonly<Record<FunctionName, Pick<SyncPlan, 'delivery' | 'consumer'>>> = {
    trigger: { delivery: { mode: 'inline' } },
    consumer: { consumer: { deadLetterQueueUrl: deadLetters.url, userPoolId: directory.userPoolId, trustedSender: 'AROATRIGGER', readsPerSecond: 5_000 } },
  };
  const fleet = (name: FunctionName) => {
    const { bundle, plan: database, environment, secret } = store.access(name, table.name);
    if (secret !== undefined) secrets.putSecret(SECRET_ARNS[name], secret);
    return new Fleet(Array.from({ length: PROCESSES[name] }, () => new FunctionProcess({
      name,
      region: REGION,
      folder: join(assets, bundle),
      environment: {
        [PLAN_VARIABLE]: JSON.stringify({ ...plan, ...of[name], database }),
        AWS_ACCESS_KEY_ID: ACCESS_KEY_IDS[name],
        AWS_ENDPOINT_URL_SQS: queueService.url,
        AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
        ...environment,
      },
      node,
      clock,
      timeoutMs: TIMEOUTS_MS[name],
      onLine: (line) => onLine(name, line),
    })));
  };
  const triggers = fleet('trigger');
  const consumers = fleet('consumer');
  const eventSource = new EventSource({ queue, consumers, region: REGION, kills, killProbability, random });
  return { ...table, directory, queue, deadLetters, triggers, consumers, eventSource };
}
