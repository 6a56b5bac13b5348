import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault';
import type { Site } from '../site';

type Part = Pick<Fault, 'arrange' | 'lift'>;

/** What SQS does. The table is there: nobody should notice. */
const QUEUE = {
  'SQS refusing connections': { arrange: ({ queueProxy }) => queueProxy.refuse(), lift: ({ queueProxy }) => queueProxy.restore() },
  'SQS denying access': refusing({ code: 'AccessDeniedException' }),
  'SQS throttling': refusing({ code: 'ThrottlingException' }),
  'SQS failing': refusing({ code: 'InternalFailure', status: 500 }),
  'SQS black hole': { arrange: ({ queueProxy }) => queueProxy.blackHole(), lift: ({ queueProxy }) => queueProxy.restore() },
} satisfies Record<string, Part>;

const DATABASE = {
  'database refusing': { arrange: async ({ proxy }) => { await proxy.refuse(); proxy.cut(); }, lift: ({ proxy }) => proxy.restore() },
  'database black hole': { arrange: async ({ proxy }) => { await proxy.drop(); proxy.cut(); }, lift: ({ proxy }) => proxy.restore() },
  'database silent': { arrange: async ({ proxy }) => { proxy.silenceAt('query'); }, lift: ({ proxy }) => proxy.restore() },
} satisfies Record<string, Part>;

/** Of the queue, alone and together with the database. */
export const queueFaults: readonly Fault[] = [
  ...Object.entries(QUEUE).map(([name, part]): Fault => ({ name, ...part })),
  {
    name: 'database refusing, SQS throttling for 1 s',
    ...both('database refusing', 'SQS throttling'),
    async whileSigningUp(site) {
      await QUEUE['SQS throttling'].arrange(site);
      await sleep(1_000);
      await QUEUE['SQS throttling'].lift(site);
    },
  },
  down('database refusing', 'SQS refusing connections'),
  down('database refusing', 'SQS denying access'),
  down('database refusing', 'SQS throttling'),
  down('database black hole', 'SQS black hole'),
  down('database silent', 'SQS black hole'),
  { ...down('database black hole', 'SQS black hole'), name: 'both black holes, sign-up is to fail', needs: { delivery: { failSignUp: true } } },
  { name: 'database black hole, queued delivery', ...DATABASE['database black hole'], needs: { delivery: { mode: 'queued' } } },
];

/** Nobody can take anybody. */
function down(database: keyof typeof DATABASE, queue: keyof typeof QUEUE): Fault {
  return { name: `${database}, ${queue}`, ...both(database, queue), mayBeUnrecorded: true };
}

function both(database: keyof typeof DATABASE, queue: keyof typeof QUEUE): Part {
  const parts: readonly Part[] = [DATABASE[database], QUEUE[queue]];
  return {
    arrange: (site) => Promise.all(parts.map(({ arrange }) => arrange(site))),
    lift: (site) => Promise.all(parts.map(({ lift }) => lift(site))),
  };
}

function refusing(refusal: { code: string; status?: number }): Part {
  return { arrange: ({ sqs }: Site) => sqs.behave({ refusal: { ...refusal, actions: ['SendMessage'] } }), lift: ({ sqs }: Site) => sqs.behave() };
}
