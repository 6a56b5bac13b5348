import { join } from 'node:path';
import { type Bundles, REGION } from './bundles';
import { type BenchDatabase, IAM_USER } from './database';
import { type BenchSecret, secretArn } from './secret';
import { type PostgresPlan, type SyncPlan, PLAN_VARIABLE } from '../src/private/plan';

/** A handler that can be measured in a process of its own. */
export interface Peer {
  readonly program: string;
  /** Loads and invokes the handler: measure.js or measure.py. */
  readonly script: string;
  readonly handler: string;
  /** All that the process gets of an environment. */
  environment(port: number): Record<string, string>;
}

export interface Peers {
  readonly ours: Peer;
  readonly oursOfCommonJs: Peer;
  readonly barePg: Peer;
  /** The prebuilt function with IAM login. */
  readonly trigger: Peer;
  /** `barePg` with the login and the certificate authorities of `trigger`. */
  readonly barePgAsIamUser: Peer;
  /** The prebuilt function with a secret. */
  readonly triggerWithSecret: Peer;
  readonly sequential: Peer;
  readonly seed000?: Peer;
}

const COLUMNS = { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'preferred_username' };

export function peersOf(bundles: Bundles, { server, name }: BenchDatabase, secret: BenchSecret, node: string, python: string | undefined): Peers {
  const onNode = (handler: string, environment: Peer['environment']): Peer => ({ program: node, script: join(__dirname, 'measure.js'), handler, environment });
  const databaseUrl = (port: number) => ({ DATABASE_URL: server.connectionString(name, { port }) });

  const prebuilt = (port: number, login: PostgresPlan['login']) => {
    const plan: SyncPlan = { database: { kind: 'postgres', table: 'public.users', host: 'localhost', port, databaseName: name, region: REGION, login }, columns: COLUMNS };
    return { [PLAN_VARIABLE]: JSON.stringify(plan) };
  };

  return {
    ours: onNode(bundles.ours, databaseUrl),
    oursOfCommonJs: onNode(bundles.oursOfCommonJs, databaseUrl),
    barePg: onNode(bundles.barePg, databaseUrl),
    trigger: onNode(bundles.trigger, (port) => prebuilt(port, { iamUser: IAM_USER })),
    triggerWithSecret: onNode(bundles.trigger, (port) => ({ ...prebuilt(port, { secretArn: secretArn(port) }), ...secret.environment })),
    sequential: onNode(bundles.sequential, (port) => ({ ...secret.environment, SECRET_ARN: secretArn(port), CA_FILE: bundles.regionalCaFile })),
    barePgAsIamUser: onNode(bundles.barePg, (port) => {
      const url = new URL(server.connectionString(name, { port, user: IAM_USER, password: '' }));
      url.searchParams.set('sslrootcert', bundles.regionalCaFile);
      return { DATABASE_URL: url.href };
    }),
    seed000: python === undefined ? undefined : {
      program: python,
      script: join(__dirname, 'measure.py'),
      handler: join(__dirname, 'peers', 'seed_000.py'),
      // Lambda's code folder is read-only: Python cannot keep what it compiled of the handler there, either.
      environment: (port) => ({ CONNECTION_URL: databaseUrl(port).DATABASE_URL, PYTHONDONTWRITEBYTECODE: '1' }),
    },
  };
}
