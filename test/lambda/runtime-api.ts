import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { startHttpServer } from '../support/http-server';
import { invocationContext, type FunctionSettings } from '../support/lambda-environment';

/** Lambda's side of the Runtime API, for one environment: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** When the runtime asks for its first event, which it does after it has loaded the function; or the error it reports instead. */
  readonly initialized: Promise<RuntimeError | undefined>;
  /** Hands over one event, and waits for the answer. */
  invoke(event: unknown): Promise<Answer>;
  /** The environment has ended: whatever it was asked will not be answered. */
  abandon(reason: string): void;
  stop(): Promise<void>;
}

export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
}

export interface Answer {
  readonly payload: unknown;
  readonly functionError?: 'Unhandled';
}

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly answer: (answer: Answer) => void;
}

/** How long Cognito waits. */
const TIMEOUT_MS = 5_000;

const VERSION = '/2018-06-01/runtime';

export async function startRuntimeApi(settings: FunctionSettings): Promise<RuntimeApi> {
  const runtime = new EventEmitter();
  const initialized = once(runtime, 'initialized').then(([error]) => error as RuntimeError | undefined);
  let current: Invocation | undefined;

  async function next() {
    runtime.emit('initialized');
    if (!current) await once(runtime, 'invocation');
    const { id, event } = current!;
    return {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': id,
        'lambda-runtime-deadline-ms': String(Date.now() + TIMEOUT_MS),
        'lambda-runtime-invoked-function-arn': invocationContext(settings, id).invokedFunctionArn,
      },
      body: JSON.stringify(event),
    };
  }

  function settle(answer: Answer): void {
    current?.answer(answer);
    current = undefined;
  }

  const server = await startHttpServer(async ({ method, url }, body) => {
    switch (`${method} ${url}`) {
      case `GET ${VERSION}/invocation/next`: return next();
      case `POST ${VERSION}/init/error`: runtime.emit('initialized', JSON.parse(body)); break;
      case `POST ${VERSION}/invocation/${current?.id}/response`: settle({ payload: JSON.parse(body) }); break;
      case `POST ${VERSION}/invocation/${current?.id}/error`: settle(failure(JSON.parse(body))); break;
      default: return { status: 404, body: `got ${method} ${url}, expected a request of the Runtime API about ${current?.id ?? 'no event'}` };
    }
    return { status: 202, body: '' };
  });

  return {
    address: new URL(server.url).host,
    initialized,
    invoke: (event) => new Promise((resolve) => {
      const timer = setTimeout(() => settle(failure({ errorType: 'Sandbox.Timedout', errorMessage: `Task timed out after ${TIMEOUT_MS} ms` })), TIMEOUT_MS);
      current = {
        id: randomUUID(),
        event,
        answer: (answer) => {
          clearTimeout(timer);
          resolve(answer);
        },
      };
      runtime.emit('invocation');
    }),
    abandon: (reason) => settle(failure({ errorType: 'Runtime.ExitError', errorMessage: reason })),
    stop: () => server.stop(),
  };
}

function failure(payload: RuntimeError): Answer {
  return { payload, functionError: 'Unhandled' };
}
