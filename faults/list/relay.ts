import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer } from '../../test/support/http-server';
import type { Fault } from '../fault';

/** What no writer answers, and what looks most like it. */
const GARBAGE = ['<html>502 Bad Gateway</html>', '{}', '{"results":[]}', '{"results":["maybe"]}', 'null', '{"error":"no"}', '{"results":["written","written"]}'];

/** Of the writer function, where trigger and consumer write through it. */
export const relayFaults: readonly Fault[] = [
  answering('writer timing out', async () => {
    await sleep(3_000);
    return functionError('Sandbox.Timedout', 'Task timed out after 3.00 seconds');
  }),
  answering('writer crashing', async () => functionError('Runtime.ExitError', 'Runtime exited with error: signal: killed')),
  answering('writer throttled', async () => ({
    status: 429, headers: { 'x-amzn-errortype': 'TooManyRequestsException' }, body: JSON.stringify({ Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', Type: 'User', message: 'Rate Exceeded.' }),
  })),
  garbage(),
  {
    name: 'writer frozen',
    needs: { relay: true },
    arrange: async ({ writer }) => { writer!.kill('SIGSTOP'); },
    lift: async ({ writer }) => { writer!.kill('SIGCONT'); },
  },
  {
    name: 'writer without store',
    needs: { relay: true },
    arrange: async ({ proxy }) => { await proxy.drop(); proxy.cut(); },
    lift: ({ proxy }) => proxy.restore(),
  },
];

function answering(name: string, instead: () => Promise<HttpAnswer>): Fault {
  return {
    name,
    needs: { relay: true },
    arrange: async ({ lambda }) => { lambda.instead = instead; },
    lift: async ({ lambda }) => { lambda.instead = undefined; },
  };
}

function functionError(errorType: string, errorMessage: string): HttpAnswer {
  return { status: 200, headers: { 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify({ errorType, errorMessage }) };
}

/** Another kind each time. */
function garbage(): Fault {
  let answered = 0;
  return answering('writer answering garbage', async () => ({ status: 200, body: GARBAGE[answered++ % GARBAGE.length] }));
}
