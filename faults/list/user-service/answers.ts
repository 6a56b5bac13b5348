import { type HttpServer, startHttpServer } from '../../../test/support/http-server';
import { answers, answersInHtml, hasHugeAnswer, type Misbehaviour, redirects } from '../../../test/support/user-service-misbehaviour';
import type { Fault } from '../../fault';
import type { ServiceStore } from '../../stores/user-service';
import { passing } from '../passing';

const MEGABYTE = 1_000_000;

/** Of what a user service answers, wherever it has it from. */
export const userServiceFaults: readonly Fault<ServiceStore>[] = [
  answering('service failing', 500),
  answering('service unavailable, asks for 1 s', 503, { 'retry-after': '1' }),
  answering('service unavailable, asks for an hour', 503, { 'retry-after': '3600' }),
  passing(answering('service unavailable', 503, { 'retry-after': '1' })),
  answering('too many requests', 429, { 'retry-after': '2' }),
  answering('access denied', 403),
  answering('path gone', 404),
  answering('method not allowed', 405),
  redirectedElsewhere(),
  { ...met('redirected in a circle', ({ request: { path }, response, incoming }) => redirects(307, path)({ incoming, response })), code: 'HTTP 307' },
  met('answer of 100 MB', hasHugeAnswer(100 * MEGABYTE)),
  met('answer in HTML', answersInHtml),
  {
    name: 'name that the service refuses',
    code: 'HTTP 422',
    goesToDeadLetters: true,
    arrange: async ({ store }) => store.refuse(({ display_name: name }) => String(name).startsWith('canary')),
    lift: async ({ store }) => store.misbehave(),
  },
];

function answering(name: string, status: number, headers: Readonly<Record<string, string>> = {}): Fault<ServiceStore> {
  return { ...met(name, answers(status, headers)), code: `HTTP ${status}` };
}

function met(name: string, misbehaviour: Misbehaviour): Fault<ServiceStore> {
  return { name, arrange: async ({ store }) => store.misbehave(misbehaviour), lift: async ({ store }) => store.misbehave() };
}

/** Whoever follows gives people's data and the key to a stranger. */
function redirectedElsewhere(): Fault<ServiceStore> {
  let stranger: HttpServer;
  let told = 0;
  return {
    name: 'redirected to another host',
    code: 'HTTP 307',
    async arrange({ store }) {
      stranger = await startHttpServer(async () => {
        told += 1;
        return { status: 200, body: '{}' };
      });
      store.misbehave(redirects(307, `${stranger.url}/api/v1/users`));
    },
    async lift({ store }) {
      store.misbehave();
      await stranger.stop();
      if (told > 0) throw new Error(`a stranger was told of a user ${told} times, whom the service redirected to`);
    },
  };
}
