import type { BenchDatabase, Route } from './database';
import { type Figure, ratio } from './figure';
import { measureInFreshProcess } from './measured-process';
import type { Peer, Peers } from './peers';
import type { Progress } from './progress';

/** Load and first invocation in a new process, which is what somebody waits for whose sign-up finds no warm environment. */
export async function coldFigures(database: BenchDatabase, route: Route, peers: Peers, rounds: number, progress: Progress): Promise<Figure[]> {
  const times = new Map<Peer, number[]>(Object.values(peers).filter((peer) => peer !== undefined).map((peer) => [peer, []]));
  for (let round = 0; round < rounds; round++) {
    progress(`cold starts ${route.title}`, round, rounds);
    // In turn, and every other round in the other order: whatever drifts drifts for all.
    for (const peer of round % 2 ? [...times.keys()].reverse() : times.keys()) {
      const { coldMs: [milliseconds] } = await measureInFreshProcess(database, route, [peer]);
      times.get(peer)!.push(milliseconds);
    }
  }
  const { ours, oursOfCommonJs, barePg, trigger, barePgAsIamUser, triggerWithSecret, sequential, seed000 } = peers;
  return [
    ratio(`coldVsBarePg${route.suffix}`, times.get(ours)!, times.get(barePg)),
    ratio(`coldVsCommonJs${route.suffix}`, times.get(ours)!, times.get(oursOfCommonJs)),
    ratio(`coldPrebuiltVsBarePg${route.suffix}`, times.get(trigger)!, times.get(barePgAsIamUser)),
    ratio(`coldWithSecretVsSequential${route.suffix}`, times.get(triggerWithSecret)!, times.get(sequential)),
    ratio(`coldVsSeed000${route.suffix}`, times.get(ours)!, seed000 && times.get(seed000)),
  ];
}
