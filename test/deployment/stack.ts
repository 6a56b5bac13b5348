import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckMode, type CheckProperties, OWN_CERTIFICATES, PLAN_VARIABLE, type SyncPlan } from '../../src/private/plan';
import { type CloudFormation, type CustomResourceAnswer, type CustomResourceMessage, LOGICAL_ID } from '../support/cloudformation';
import { startLambdaEndpoint, type LambdaEndpoint } from '../support/lambda-endpoint';
import { startLambdaFunction, type LambdaFunction } from '../support/lambda-function';
import type { PostgresAddress } from '../support/postgres-address';
import type { SecretsManager } from '../support/secrets-manager';

const ASSETS = join(__dirname, '..', '..', 'assets');

export const ADMINISTRATOR = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:administrator-AbCdEf';

export interface StackOptions {
  readonly server: PostgresAddress;
  readonly plan: Pick<SyncPlan, 'database' | 'columns' | 'creation'>;
  readonly cloudFormation: CloudFormation;
  readonly secrets: SecretsManager;
  /** @default 'warn' */
  readonly mode?: CheckMode;
  /** Of the inspector, which stops waiting for a login 5 seconds earlier. @default 30 */
  readonly timeoutSeconds?: number;
}

/** The two functions that a deployment calls, as the construct connects them. */
export interface Stack {
  readonly lambda: LambdaEndpoint;
  readonly inspector: LambdaFunction;
  /** Everything that both functions have written, and answered. */
  readonly spoken: () => string;
  send(type: CustomResourceMessage['RequestType'], more?: Partial<CustomResourceMessage>): Promise<CustomResourceAnswer>;
  stop(): Promise<void>;
}

export async function startStack({ server, plan, cloudFormation, secrets, mode = 'warn', timeoutSeconds = 30 }: StackOptions): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), 'inspector-'));
  cpSync(join(ASSETS, 'inspector'), folder, { recursive: true });
  writeFileSync(join(folder, OWN_CERTIFICATES), readFileSync(server.caFile));
  const inspector = await startLambdaFunction({ name: 'inspector', folder, environment: { [PLAN_VARIABLE]: JSON.stringify(plan) }, timeoutMs: timeoutSeconds * 1_000 });
  const lambda = await startLambdaEndpoint(inspector);
  const deployment = await startLambdaFunction({
    name: 'deployment',
    folder: join(ASSETS, 'deployment'),
    environment: { AWS_ENDPOINT_URL_LAMBDA: lambda.url, AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url, AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url },
    timeoutMs: 60_000,
  });
  const properties: CheckProperties = {
    Mode: mode,
    Inspector: 'inspector',
    ...(plan.creation && { Administrator: ADMINISTRATOR }),
    Checked: JSON.stringify(plan),
  };
  const answers: unknown[] = [];
  return {
    lambda,
    inspector,
    spoken: () => [...inspector.log, ...deployment.log, JSON.stringify(inspector.invocations.map(({ payload }) => payload)), JSON.stringify(answers)].join('\n'),
    async send(RequestType, more) {
      const request = { RequestType, ResourceProperties: { ...properties }, ...(RequestType !== 'Create' && { PhysicalResourceId: LOGICAL_ID }), ...more };
      const { invocation, ...answer } = await cloudFormation.send(deployment, request);
      answers.push(answer);
      return { ...answer, invocation };
    },
    async stop() {
      await Promise.all([inspector.stop(), deployment.stop(), lambda.stop()]);
      rmSync(folder, { recursive: true });
    },
  };
}
