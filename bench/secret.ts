import { REGION } from './bundles';
import type { BenchDatabase } from './database';
import { startSecretsManager } from '../test/support/secrets-manager';

/** One for each way to the database. */
export const secretArn = (port: number) => `arn:aws:secretsmanager:${REGION}:111122223333:secret:bench-${port}-AbCdEf`;

/** As Secrets Manager answers within a Region. */
const ANSWER_MS = 30;

export interface BenchSecret {
  /** What a process needs to ask for the secret, and nothing that leads it to the real service. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Login and address, in a service that takes its time. */
export async function startSecret({ server, name, routes }: BenchDatabase): Promise<BenchSecret> {
  const service = await startSecretsManager();
  service.delayMs = ANSWER_MS;
  for (const { port } of routes) {
    service.putSecret(secretArn(port), JSON.stringify({ host: 'localhost', port, dbname: name, username: server.user, password: server.password }));
  }
  return {
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: service.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      // The SDK's advice to leave Node.js 20 is not measured.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stop: () => service.stop(),
  };
}
