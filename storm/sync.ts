import { join } from 'node:path';
import { EventSource } from './event-source';
import { Fleet } from './fleet';
import { FunctionProcess } from './function-process';
import type { Kills } from './kills';
import type { MessageQueue } from './message-queue';
import type { QueueService } from './queue-service';
import type { Random } from './random';
import type { SimulatedClock } from './simulated-clock';
import type { FunctionName } from './storm-database';
import { PLAN_VARIABLE, type SyncPlan } from '../src/private/plan';
import type { SecretsManager } from '../test/support/secrets-manager';
import type { UserDirectory } from '../test/support/user-directory';

export const REGION = 'eu-west-1';

/** Access key id of each function → the sender id that SQS gives a message of its role. */
export const SENDERS = { AKIATRIGGER: 'AROATRIGGER:trigger', AKIACONSUMER: 'AROACONSUMER:consumer' } as const;
export const SECRET_ARNS: Readonly<Record<FunctionName, string>> = {
  trigger: `arn:aws:secretsmanager:${REGION}:111122223333:secret:trigger-abcdef`,
  consumer: `arn:aws:secretsmanager:${REGION}:111122223333:secret:consumer-abcdef`,
};

/** Cognito waits as long for the trigger. The consumer's is short, since it passes in real time. */
const TIMEOUTS_MS: Readonly<Record<FunctionName, number>> = { trigger: 5_000, consumer: 16_000 };
const PROCESSES: Readonly<Record<FunctionName, number>> = { trigger: 3, consumer: 2 };

/** One of the storm's tables. */
export interface SyncedTable {
  readonly name: string;
  /** Whether a column is mapped from `observedAt`. */
  readonly hasVersion: boolean;
}

/** One user pool and one table, with the prebuilt functions and the queues between them: what the construct deploys. */
export interface Sync extends SyncedTable {
  readonly directory: UserDirectory;
  readonly queue: MessageQueue;
  readonly deadLetters: MessageQueue;
  readonly triggers: Fleet;
  readonly consumers: Fleet;
  readonly eventSource: EventSource;
}

export interface SyncOptions {
  readonly table: SyncedTable;
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
  /** Folder with the bundles `trigger` and `consumer`. */
  readonly assets: string;
  readonly onLine: (functionName: FunctionName, line: string) => void;
}

export function startSync({ table, directory, queue, deadLetters, queueService, secrets, node, clock, kills, killProbability, random, assets, onLine }: SyncOptions): Sync {
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
  const fleet = (name: FunctionName) => new Fleet(Array.from({ length: PROCESSES[name] }, () => new FunctionProcess({
    name,
    region: REGION,
    folder: join(assets, name),
    environment: {
      [PLAN_VARIABLE]: JSON.stringify({ ...plan, ...of[name], database: { kind: 'postgres', table: table.name, login: { secretArn: SECRET_ARNS[name] } } }),
      AWS_ACCESS_KEY_ID: name === 'trigger' ? 'AKIATRIGGER' : 'AKIACONSUMER',
      AWS_ENDPOINT_URL_SQS: queueService.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    },
    node,
    clock,
    timeoutMs: TIMEOUTS_MS[name],
    onLine: (line) => onLine(name, line),
  })));
  const triggers = fleet('trigger');
  const consumers = fleet('consumer');
  const eventSource = new EventSource({ queue, consumers, region: REGION, kills, killProbability, random });
  return { ...table, directory, queue, deadLetters, triggers, consumers, eventSource };
}
