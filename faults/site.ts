import { join } from 'node:path';
import type { Fault } from './fault';
import { openSiteDatabase, type SiteDatabase } from './site-database';
import { Cleanup } from '../demo/cleanup';
import { PLAN_VARIABLE, type ColumnPlan, type DatabasePlan, type SyncPlan } from '../src/private/plan';
import { eventSourceMapping, type EventSourceMapping } from '../test/support/event-source-mapping';
import { startLambdaEndpoint, type LambdaEndpoint } from '../test/support/lambda-endpoint';
import { startLambdaFunction, type LambdaFunction } from '../test/support/lambda-function';
import { startPostgres, type PostgresServer } from '../test/support/postgres-server';
import { startSecretsManager, type SecretsManager } from '../test/support/secrets-manager';
import type { QueueWithDeadLetters, Sqs } from '../test/support/sqs';
import { startTcpProxy, type TcpProxy } from '../test/support/tcp-proxy';
import { startUserDirectory, type UserDirectory } from '../test/support/user-directory';

/** Everything between sign-up and the users table, for one fault alone. */
export interface Site {
  readonly database: SiteDatabase;
  /** Before PostgreSQL. */
  readonly proxy: TcpProxy;
  readonly sqs: Sqs;
  /** Before SQS. */
  readonly queueProxy: TcpProxy;
  readonly queue: QueueWithDeadLetters;
  readonly secrets: SecretsManager;
  readonly directory: UserDirectory;
  /** Where trigger and consumer invoke the writer. */
  readonly lambda: LambdaEndpoint;
  /** Loaded only where the fault needs the relay. */
  readonly writer?: LambdaFunction;
  /** Loaded before the fault. */
  readonly trigger: LambdaFunction;
  readonly consumer: LambdaFunction;
  readonly mapping: EventSourceMapping;
  /** Another environment of the trigger function, as Lambda starts one when the others are busy. */
  anotherTrigger(): Promise<LambdaFunction>;
  /** All that are loaded. */
  functions(): readonly LambdaFunction[];
  /** All that they have written. */
  logs(): readonly string[];
  putSecret(connectionUrl: string): void;
  close(): Promise<void>;
}

/** What all faults share, and faults in a row. */
export interface Servers {
  readonly postgres: PostgresServer;
  readonly sqs: Sqs;
}

export const USER_POOL_ID = 'eu-west-1_faults';
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-abcdef';
const COLUMNS: Readonly<Record<string, ColumnPlan>> = { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'preferred_username' };

/** Shorter than the construct sets it: the consumer keeps 10 s of it back, and tries as long as the rest allows. */
const CONSUMER_TIMEOUT_MS = 14_000;

const WRITER_TIMEOUT_MS = 10_000;

export async function openSite({ name, needs = {} }: Fault, { postgres: shared, sqs }: Servers): Promise<Site> {
  const cleanup = new Cleanup();
  const kept = <T extends { stop(): Promise<void> }>(started: T): T => {
    cleanup.add(() => started.stop());
    return started;
  };
  const functions: LambdaFunction[] = [];

  async function open(): Promise<Site> {
    const postgres = needs.ownServer ? kept(await startPostgres()) : shared;
    const proxy = kept(await startTcpProxy(postgres.port));
    const database = await openSiteDatabase(postgres, proxy.port);
    cleanup.add(() => database.close());
    const queueProxy = kept(await startTcpProxy(Number(new URL(sqs.url).port)));
    const queue = await sqs.queueWithDeadLetters(name.replaceAll(/\W+/g, '-'));
    const [secrets, directory] = [kept(await startSecretsManager()), kept(await startUserDirectory({ userPoolId: USER_POOL_ID }))];
    const putSecret = (connectionUrl: string) => secrets.putSecret(SECRET_ARN, connectionUrl);
    putSecret(database.connectionUrl());

    const inVpc: DatabasePlan = { kind: 'postgres', table: 'public.users', login: { secretArn: SECRET_ARN } };
    const outside: DatabasePlan = needs.relay ? { kind: 'relay', functionName: 'writer' } : inVpc;
    const load = async (bundle: string, plan: Partial<SyncPlan>, environment: Readonly<Record<string, string>>, timeoutMs?: number): Promise<LambdaFunction> => {
      const started = kept(await startLambdaFunction({
        name: bundle,
        folder: join(__dirname, '..', 'assets', bundle),
        timeoutMs,
        environment: { [PLAN_VARIABLE]: JSON.stringify({ columns: COLUMNS, ...plan }), ...environment },
      }));
      functions.push(started);
      return started;
    };
    const writer = needs.relay && await load('writer', { database: inVpc }, { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url }, WRITER_TIMEOUT_MS);
    const lambda = kept(await startLambdaEndpoint(...writer ? [writer] : []));
    const endpoints = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url,
      AWS_ENDPOINT_URL_SQS: `http://localhost:${queueProxy.port}`,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    };
    const anotherTrigger = () => load('trigger', { database: outside, queue, delivery: needs.delivery }, endpoints);
    const [trigger, consumer] = await Promise.all([
      anotherTrigger(),
      load('consumer', { database: outside, queue, consumer: { deadLetterQueueUrl: queue.deadLetters.url, userPoolId: USER_POOL_ID } }, endpoints, CONSUMER_TIMEOUT_MS),
    ]);
    const mapping = eventSourceMapping({ sqs, queue, consumer });
    cleanup.add(() => mapping.advance(-mapping.aheadMs));
    cleanup.add(() => sqs.behave());
    const logs = () => functions.flatMap(({ log }) => log);
    const servers = { database, proxy, sqs, queueProxy, queue, secrets, directory, lambda, mapping };
    return { ...servers, trigger, consumer, ...(writer && { writer }), anotherTrigger, functions: () => functions, logs, putSecret, close };
  }

  async function close(): Promise<void> {
    const [failure] = await cleanup.run();
    if (failure) throw failure;
  }

  try {
    return await open();
  } catch (error) {
    await cleanup.run();
    throw error;
  }
}
