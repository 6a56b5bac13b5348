import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault';
import type { Site } from '../site';

type Part = Pick<Fault, 'arrange' | 'lift'>;

/** What SQS does. The store is there: nobody should notice. */
const QUEUE = {
  'SQS refusing connections': { arrange: ({ queueProxy }) => queueProxy.refuse(), lift: ({ queueProxy }) => queueProxy.restore() },
  'SQS denying access': refusing({ code: 'AccessDeniedException' }),
  'SQS throttling': refusing({ code: 'ThrottlingException' }),
  'SQS failing': refusing({ code: 'InternalFailure', status: 500 }),
  'SQS black hole': { arrange: ({ queueProxy }) => queueProxy.blackHole(), lift: ({ queueProxy }) => queueProxy.restore() },
} satisfies Record<string, Part>;

const STORE = {
  'store refusing': { arrange: async ({ proxy }) => { await proxy.refuse(); proxy.cut(); }, lift: ({ proxy }) => proxy.restore() },
  'store black hole': { arrange: async ({ proxy }) => { await proxy.drop(); proxy.cut(); }, lift: ({ proxy }) => proxy.restore() },
  'store silent': { arrange: ({ store }) => store.swallowRequests(), lift: ({ proxy }) => proxy.restore() },
} satisfies Record<string, Part>;

/** Of the queue, alone and together with the store. */
export const queueFaults: readonly Fault[] = [
  ...Object.entries(QUEUE).map(([name, part]): Fault => ({ name, ...part })),
  {
    name: 'store refusing, SQS throttling for 1 s',
    ...both('store refusing', 'SQS throttling'),
    async whileSigningUp(site) {
      await QUEUE['SQS throttling'].arrange(site);
      await sleep(1_000);
      await QUEUE['SQS throttling'].lift(site);
    },
  },
  down('store refusing', 'SQS refusing connections'),
  down('store refusing', 'SQS denying access'),
  down('store refusing', 'SQS throttling'),
  down('store black hole', 'SQS black hole'),
  down('store silent', 'SQS black hole'),
  { ...down('store black hole', 'SQS black hole'), name: 'both black holes, sign-up is to fail', needs: { delivery: { failSignUp: true } } },
  { name: 'store black hole, queued delivery', ...STORE['store black hole'], needs: { delivery: { mode: 'queued' } } },
];

/** Nobody can take anybody. */
function down(store: keyof typeof STORE, queue: keyof typeof QUEUE): Fault {
  return { name: `${store}, ${queue}`, ...both(store, queue), mayBeUnrecorded: true };
}

function both(store: keyof typeof STORE, queue: keyof typeof QUEUE): Part {
  const parts: readonly Part[] = [STORE[store], QUEUE[queue]];
  return {
    arrange: (site) => Promise.all(parts.map(({ arrange }) => arrange(site))),
    lift: (site) => Promise.all(parts.map(({ lift }) => lift(site))),
  };
}

function refusing(refusal: { code: string; status?: number }): Part {
  return { arrange: ({ sqs }: Site) => sqs.behave({ refusal: { ...refusal, actions: ['SendMessage'] } }), lift: ({ sqs }: Site) => sqs.behave() };
}
