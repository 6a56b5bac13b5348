import { answers, breaksOff, hasDrippingBody, hasHalfABody, hasSlowHeaders, type Rudeness, talksNonsense } from '../../test/support/user-service-misbehaviour';
import type { Fault } from '../fault';
import type { HttpStore } from '../store';

/** Of what answers in the place of a store that speaks HTTP, or of the store itself when it is ill. */
export const httpFaults: readonly Fault<HttpStore>[] = [
  { ...met('connection reset at the request', breaksOff), code: 'ECONNRESET' },
  met('half an answer', hasHalfABody),
  met('headers without end', hasSlowHeaders),
  met('body without end', hasDrippingBody),
  met('another protocol', talksNonsense),
  met('page of a broken gateway', answers(502, { 'content-type': 'text/html' }, '<html><h1>502 Bad Gateway</h1></html>')),
];

function met(name: string, rudeness: Rudeness): Fault<HttpStore> {
  return { name, arrange: async ({ store }) => store.misbehave(rudeness), lift: async ({ store }) => store.misbehave() };
}
