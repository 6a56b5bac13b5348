import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault';

/** Each direction gets half. */
const LATENCY_MS = 500;

/** Of what networks do between the functions and the store. */
export const networkFaults: readonly Fault[] = [
  {
    name: 'connection refused',
    code: 'ECONNREFUSED',
    arrange: async ({ proxy }) => { await proxy.refuse(); proxy.cut(); },
    lift: ({ proxy }) => proxy.restore(),
  },
  {
    name: 'socket silently dead after a freeze',
    async arrange({ trigger, proxy }) {
      trigger.kill('SIGSTOP');
      proxy.silence();
      await sleep(200);
      trigger.kill('SIGCONT');
    },
    lift: async () => {},
  },
  {
    name: 'black hole at connect',
    arrange: async ({ proxy }) => { await proxy.drop(); proxy.cut(); },
    lift: ({ proxy }) => proxy.restore(),
  },
  {
    name: 'black hole after connect',
    arrange: async ({ proxy }) => { await proxy.blackHole(); proxy.cut(); },
    lift: ({ proxy }) => proxy.restore(),
  },
  {
    name: 'black hole at the request',
    arrange: ({ store }) => store.swallowRequests(),
    lift: ({ proxy }) => proxy.restore(),
  },
  {
    name: 'answers lost',
    arrange: async ({ proxy }) => proxy.holdAnswers(),
    lift: ({ proxy }) => proxy.restore(),
  },
  {
    name: `${LATENCY_MS} ms latency`,
    arrange: async ({ proxy }) => { proxy.latencyMs = LATENCY_MS / 2; },
    lift: async ({ proxy }) => { proxy.latencyMs = 0; },
  },
];
