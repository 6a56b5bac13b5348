import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { environmentVariables, invocationContext, type FunctionSettings } from './lambda-environment';
import { node24 } from './node24';

/**
 * A Lambda function as far as one machine can have it: a prebuilt bundle in a Node.js 24 process of its own, which loads it
 * once and handles one event after the other. Where that process crashed or ran out of time, the next event gets a new one.
 */
export interface LambdaFunction {
  readonly name: string;
  readonly nodeVersion: string;
  /** From the start of the process until the bundle was loaded. */
  readonly loadedMs: number;
  readonly invocations: readonly Invocation[];
  /** Every line that the function has written, with Lambda's own START and END lines. */
  readonly log: readonly string[];
  invoke(event: unknown, options?: InvokeOptions): Promise<Invocation>;
  /** SIGSTOP freezes the environment, as Lambda does between two events; SIGCONT thaws it; SIGKILL takes it away in the middle. */
  kill(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void;
  stop(): Promise<void>;
}

export interface InvokeOptions {
  /** How far the function's time of day is ahead, for this event and the ones after it. */
  readonly clockOffsetMs?: number;
}

export interface Invocation {
  readonly event: unknown;
  /** What the handler returned, or Lambda's description of its error. */
  readonly payload: unknown;
  readonly functionError?: 'Unhandled';
  /** What the function itself wrote. */
  readonly log: readonly string[];
  readonly elapsedMs: number;
}

export interface LambdaFunctionOptions extends Partial<FunctionSettings> {
  readonly folder: string;
  /** @default 5000, which is how long Cognito waits */
  readonly timeoutMs?: number;
}

type Loaded = Pick<LambdaFunction, 'nodeVersion' | 'loadedMs'>;
type Answer = Pick<Invocation, 'payload' | 'functionError'>;

export async function startLambdaFunction({ timeoutMs = 5_000, ...given }: LambdaFunctionOptions): Promise<LambdaFunction> {
  const settings: FunctionSettings = { name: 'trigger', region: 'eu-west-1', environment: {}, ...given };
  const node = await node24();
  const invocations: Invocation[] = [];
  const log: string[] = [];
  let loaded: Loaded;
  let environment = await load();
  let queue: Promise<unknown> = Promise.resolve();

  async function load(): Promise<ChildProcess> {
    const child = fork(join(__dirname, 'lambda-bootstrap.js'), { execPath: node, execArgv: [], env: environmentVariables(settings), stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const output of [child.stdout!, child.stderr!]) createInterface(output).on('line', (line) => log.push(line));
    const [first] = await Promise.race([once(child, 'message'), once(child, 'close')]) as [Loaded | number | null];
    if (typeof first !== 'object' || first === null) {
      throw new Error(`function ${settings.name} ended with ${first} while it loaded ${settings.folder}, expected it to wait for events: ${log.join('\n')}`);
    }
    loaded = first;
    return child;
  }

  async function next(event: unknown, { clockOffsetMs }: InvokeOptions): Promise<Invocation> {
    if (!environment.connected) environment = await load();
    const begin = performance.now();
    const awsRequestId = randomUUID();
    const firstLine = log.length;
    environment.send({ event, context: invocationContext(settings, awsRequestId), deadline: Date.now() + timeoutMs, clockOffsetMs });
    const answer = await answerOf(environment, timeoutMs);
    const elapsedMs = performance.now() - begin;
    // The answer and the log come through two channels, in any order.
    while (environment.connected && log.lastIndexOf(`END RequestId: ${awsRequestId}`) < firstLine) await nextTurn();
    const invocation = { event, ...answer, elapsedMs, log: log.slice(firstLine).filter((line) => !/^(START|END) RequestId: /.test(line)) };
    invocations.push(invocation);
    return invocation;
  }

  return {
    name: settings.name,
    get nodeVersion() { return loaded.nodeVersion; },
    get loadedMs() { return loaded.loadedMs; },
    invocations,
    log,
    invoke(event, options = {}) {
      const invocation = queue.then(() => next(event, options));
      queue = Promise.allSettled([invocation]);
      return invocation;
    },
    kill: (signal) => void environment.kill(signal),
    async stop() {
      if (!environment.connected) return;
      const exited = once(environment, 'exit');
      environment.disconnect();
      environment.kill('SIGCONT');
      await exited;
    },
  };
}

function answerOf(environment: ChildProcess, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (answer: Answer) => {
      clearTimeout(timer);
      environment.off('message', settle).off('close', onClose);
      resolve(answer);
    };
    const onClose = (code: number | null, signal: string | null) => settle(timedOut
      ? failure('Sandbox.Timedout', `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`)
      : failure('Runtime.ExitError', `Runtime exited with ${code === null ? `signal ${signal}` : `exit status ${code}`}`));
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      environment.kill('SIGKILL');
    }, timeoutMs);
    environment.on('message', settle).on('close', onClose);
  });
}

function failure(errorType: string, errorMessage: string): Answer {
  return { functionError: 'Unhandled', payload: { errorType, errorMessage } };
}
