import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, SignUpUnderWay } from '../fault';
import { isKilled } from '../sign-up';
import type { Site } from '../site';
import { until, untilWriting } from '../waiting';
import { whereabouts } from '../whereabouts';

/** Of Lambda, which may take an environment away at any moment. Cognito may call again then, and does not promise to: here it never does. */
export const kills: readonly Fault[] = [
  {
    name: 'killed after the commit and before the answer',
    arrange: ({ store }) => store.delayWrites(300),
    async whileSigningUp(site, signUp) {
      await untilWriting(site.store, signUp.answered);
      site.proxy.holdAnswers();
      await killOnce('table', site, signUp);
      await site.proxy.restore();
    },
    lift: ({ store }) => store.delayWrites(0),
    killsLambda: true,
  },
  {
    name: 'killed after the queue and before the answer',
    arrange: async ({ proxy, queueProxy }) => { await proxy.refuse(); proxy.cut(); queueProxy.holdAnswers(); },
    whileSigningUp: (site, signUp) => killOnce('queue', site, signUp),
    lift: ({ proxy, queueProxy }) => Promise.all([proxy.restore(), queueProxy.restore()]),
    killsLambda: true,
  },
  {
    name: 'killed before either write',
    arrange: async ({ proxy }) => { await proxy.drop(); proxy.cut(); },
    async whileSigningUp(_site, { trigger }) {
      await sleep(500);
      trigger.kill('SIGKILL');
    },
    lift: ({ proxy }) => proxy.restore(),
    killsLambda: true,
    mayBeUnrecorded: true,
  },
  {
    name: 'consumer killed after the commit',
    arrange: async ({ proxy }) => { await proxy.refuse(); proxy.cut(); },
    async lift({ store, proxy, mapping, consumer }) {
      await store.delayWrites(300);
      await proxy.restore();
      await mapping.advance(15 * 60_000);
      const polled = mapping.poll();
      await untilWriting(store);
      proxy.holdAnswers();
      await until(async () => (await store.rows()).length > 1);
      consumer.kill('SIGKILL');
      const [died] = await Promise.all([polled, proxy.restore()]);
      if (!isKilled(died!.invocation)) throw new Error('the consumer was not killed in the middle of a batch: the fault did not happen');
      await store.delayWrites(0);
    },
  },
];

async function killOnce(place: 'table' | 'queue', site: Site, { trigger, sub, answered }: SignUpUnderWay): Promise<void> {
  if (await until(async () => await whereabouts(site, sub) === place, answered)) trigger.kill('SIGKILL');
}
