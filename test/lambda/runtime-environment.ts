import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRuntimeApi, type Answer, type RuntimeError } from './runtime-api';
import { RUNTIME_CLIENT } from './runtime-client';
import { startKeeper } from '../support/keeper';
import { environmentVariables, type FunctionSettings } from '../support/lambda-environment';
import { node24 } from '../support/node24';

/** One environment of a Lambda function: a Node.js 24 process that runs AWS's runtime client. */
export interface RuntimeEnvironment {
  /** What initialisation reported; Cognito would fail every sign-up. */
  readonly initError: RuntimeError | undefined;
  /** All that the process has written so far, by line. */
  readonly log: readonly string[];
  readonly hasEnded: boolean;
  invoke(event: unknown): Promise<Answer>;
  /** As Lambda does between two events: the process stands still, the network goes on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

/** @returns when the function has been loaded, or has failed to */
export async function startRuntimeEnvironment(folder: string, environment: Readonly<Record<string, string>> = {}): Promise<RuntimeEnvironment> {
  const settings: FunctionSettings = { name: 'trigger', folder, region: 'eu-west-1', environment };
  const [keeper, api, node] = await Promise.all([startKeeper(), startRuntimeApi(settings), node24()]);
  const logFile = join(keeper.folder, 'function.log');
  const client = keeper.start(node, [RUNTIME_CLIENT], { logFile, env: { ...environmentVariables(settings), AWS_LAMBDA_RUNTIME_API: api.address } });
  const log = () => readFileSync(logFile, 'utf8').split('\n').filter((line) => line !== '');
  let end: string | undefined;
  void client.ended.then((result) => {
    end = `Runtime exited with ${result}`;
    api.abandon(end);
  });
  const stop = async () => {
    await keeper.stop();
    await api.stop();
  };

  const started = await Promise.race([
    api.initialized.then((initError) => ({ initError })),
    client.ended.then((result) => ({ ended: result })),
  ]);
  if ('ended' in started) {
    const written = log();
    await stop();
    throw new Error(`the runtime client ended with ${started.ended} before it told anything, expected it to ask for an event: ${written.join('\n')}`);
  }
  return {
    initError: started.initError,
    get log() { return log(); },
    get hasEnded() { return end !== undefined; },
    invoke: (event) => api.invoke(event),
    freeze: () => client.kill('SIGSTOP'),
    thaw: () => client.kill('SIGCONT'),
    stop,
  };
}
