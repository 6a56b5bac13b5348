import { join } from 'node:path';
import type { Fault } from './fault';
import { COLUMNS, SECRET_ARN, type SiteStore, type StoreKind, type StoreServer } from './store';
import { Cleanup } from '../demo/cleanup';
import { PLAN_VARIABLE, type DatabasePlan, type SyncPlan } from '../src/private/plan';
import { eventSourceMapping, type EventSourceMapping } from '../test/support/event-source-mapping';
import { startLambdaEndpoint, type LambdaEndpoint } from '../test/support/lambda-endpoint';
import { startLambdaFunction, type LambdaFunction } from '../test/support/lambda-function';
import { startSecretsManager, type SecretsManager } from '../test/support/secrets-manager';
import type { QueueWithDeadLetters, Sqs } from '../test/support/sqs';
import { startTcpProxy, type TcpProxy } from '../test/support/tcp-proxy';
import { startUserDirectory, type UserDirectory } from '../test/support/user-directory';

/** Everything between sign-up and the users table, for one fault alone. */
export interface Site<Store extends SiteStore = SiteStore> {
  readonly store: Store;
  /** Before the store. */
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
  /** Secrets Manager has what the store lets the functions in with now. */
  putSecret(): void;
  close(): Promise<void>;
}

/** What all faults share, and faults in a row. */
export interface Servers<Store extends SiteStore> {
  readonly kind: StoreKind<Store>;
  readonly stores: StoreServer<Store>;
  readonly sqs: Sqs;
}

export const USER_POOL_ID = 'eu-west-1_faults';

/** Elsewhere for bundles that were broken on purpose, to see that the faults notice. */
const ASSETS = process.env.FAULTS_ASSETS ?? join(__dirname, '..', 'assets');

/** Shorter than the construct sets it: the consumer keeps 10 s of it back, and tries as long as the rest allows. */
const CONSUMER_TIMEOUT_MS = 14_000;

const WRITER_TIMEOUT_MS = 10_000;

/** Trigger and consumer that invoke the writer, whatever it writes to. */
const RELAYING = { trigger: 'trigger-relay', consumer: 'consumer-relay' } as const;

export async function openSite<Store extends SiteStore>(fault: Fault<Store>, { kind, stores: shared, sqs }: Servers<Store>): Promise<Site<Store>> {
  const { needs = {} } = fault;
  const cleanup = new Cleanup();
  const kept = <T extends { stop(): Promise<void> }>(started: T): T => {
    cleanup.add(() => started.stop());
    return started;
  };
  const functions: LambdaFunction[] = [];

  async function open(): Promise<Site<Store>> {
    const stores = needs.ownServer ? kept(await kind.start()) : shared;
    const store = kept(await stores.open());
    const queueProxy = kept(await startTcpProxy(Number(new URL(sqs.url).port)));
    const queue = await sqs.queueWithDeadLetters(fault.name.replaceAll(/\W+/g, '-'));
    const [secrets, directory] = [kept(await startSecretsManager()), kept(await startUserDirectory({ userPoolId: USER_POOL_ID }))];
    const putSecret = () => {
      if (store.secret !== undefined) secrets.putSecret(SECRET_ARN, store.secret);
    };
    putSecret();

    const outside: DatabasePlan = needs.relay ? { kind: 'relay', functionName: 'writer' } : store.plan;
    const bundles = needs.relay ? RELAYING : kind.bundles;
    const load = async (name: string, bundle: string, plan: Partial<SyncPlan>, environment: Readonly<Record<string, string>>, timeoutMs?: number): Promise<LambdaFunction> => {
      const started = kept(await startLambdaFunction({
        name,
        folder: join(ASSETS, bundle),
        timeoutMs,
        environment: { [PLAN_VARIABLE]: JSON.stringify({ columns: COLUMNS, ...plan }), ...store.environment, ...environment },
      }));
      functions.push(started);
      return started;
    };
    const writer = needs.relay && await load('writer', kind.bundles.writer!, { database: store.plan }, { AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url }, WRITER_TIMEOUT_MS);
    const lambda = kept(await startLambdaEndpoint(...writer ? [writer] : []));
    const endpoints = {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: directory.url,
      AWS_ENDPOINT_URL_SQS: `http://localhost:${queueProxy.port}`,
      AWS_ENDPOINT_URL_LAMBDA: lambda.url,
    };
    const anotherTrigger = () => load('trigger', bundles.trigger, { database: outside, queue, delivery: needs.delivery }, endpoints);
    const [trigger, consumer] = await Promise.all([
      anotherTrigger(),
      load('consumer', bundles.consumer, { database: outside, queue, consumer: { deadLetterQueueUrl: queue.deadLetters.url, userPoolId: USER_POOL_ID } }, endpoints, CONSUMER_TIMEOUT_MS),
    ]);
    const mapping = eventSourceMapping({ sqs, queue, consumer });
    cleanup.add(() => mapping.advance(-mapping.aheadMs));
    cleanup.add(() => sqs.behave());
    const logs = () => functions.flatMap(({ log }) => log);
    const servers = { store, proxy: store.proxy, sqs, queueProxy, queue, secrets, directory, lambda, mapping };
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
