import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault';
import type { Site } from '../site';

/** Each direction gets half. */
const LATENCY_MS = 500;

/** Of what networks do between the functions and PostgreSQL. */
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
  blackHoleAt('tls', 'black hole at TLS'),
  blackHoleAt('authentication', 'black hole at authentication'),
  {
    name: 'black hole at the query',
    arrange: async ({ proxy }) => proxy.silenceAt('query'),
    lift: ({ proxy }) => proxy.restore(),
  },
  {
    name: `${LATENCY_MS} ms latency`,
    arrange: async ({ proxy }) => { proxy.latencyMs = LATENCY_MS / 2; },
    lift: async ({ proxy }) => { proxy.latencyMs = 0; },
  },
];

function blackHoleAt(stage: Parameters<Site['proxy']['silenceAt']>[0], name: string): Fault {
  return {
    name,
    arrange: async ({ proxy }) => { proxy.silenceAt(stage); proxy.cut(); },
    lift: ({ proxy }) => proxy.restore(),
  };
}
