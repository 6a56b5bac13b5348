import { startHttpServer, type HttpAnswer } from './http-server';
import type { LambdaFunction } from './lambda-function';

/** Lambda's `Invoke`, as Cognito and AWS SDKs call it: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface LambdaEndpoint {
  readonly url: string;
  /** Every request is answered by this, and reaches no function, until it is set to undefined again. */
  instead: (() => Promise<HttpAnswer>) | undefined;
  stop(): Promise<void>;
}

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

export async function startLambdaEndpoint(...functions: ReadonlyArray<Pick<LambdaFunction, 'name' | 'invoke'>>): Promise<LambdaEndpoint> {
  const server = await startHttpServer(async (request, body): Promise<HttpAnswer> => {
    if (endpoint.instead) return endpoint.instead();
    const [, name] = INVOKE.exec(request.url ?? '') ?? [];
    const called = functions.find((each) => each.name === name);
    if (request.method !== 'POST' || called === undefined) {
      return {
        status: 404,
        headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
        body: JSON.stringify({ Message: `got ${request.method} ${request.url}, expected POST /2015-03-31/functions/<one of ${functions.map((each) => each.name).join(', ')}>/invocations` }),
      };
    }
    const { payload, functionError } = await called.invoke(JSON.parse(body));
    return { status: 200, headers: functionError ? { 'x-amz-function-error': functionError } : {}, body: JSON.stringify(payload) };
  });
  const endpoint: LambdaEndpoint = { url: server.url, instead: undefined, stop: () => server.stop() };
  return endpoint;
}
