import type { BenchDatabase, Route } from './database';
import { type Figure, ratio } from './figure';
import { measureInFreshProcess } from './measured-process';
import type { Peers } from './peers';
import type { Progress } from './progress';
import type { Rounds } from './rounds';

/** One invocation of a handler that is loaded and, if it keeps a connection, connected. */
export async function warmFigures(database: BenchDatabase, route: Route, peers: Peers, rounds: Rounds, progress: Progress): Promise<Figure[]> {
  return [await versusBarePg(database, route, peers, rounds, progress), await versusSeed000(database, route, peers, rounds, progress)];
}

async function versusBarePg(database: BenchDatabase, route: Route, { ours, barePg }: Peers, rounds: Rounds, progress: Progress): Promise<Figure> {
  progress(`warm invocations beside bare pg ${route.title}`, 0, 1);
  const { warmMs: [oursMs, barePgMs] } = await measureInFreshProcess(database, route, [ours, barePg], rounds.warm);
  return ratio(`warmVsBarePg${route.suffix}`, oursMs, barePgMs);
}

async function versusSeed000(database: BenchDatabase, route: Route, { ours, seed000 }: Peers, rounds: Rounds, progress: Progress): Promise<Figure> {
  const oursMs: number[] = [];
  const seed000Ms: number[] = [];
  for (let turn = 0; turn < rounds.turns; turn++) {
    progress(`warm invocations beside seed 000 ${route.title}`, turn, rounds.turns);
    oursMs.push(...(await measureInFreshProcess(database, route, [ours], rounds.oursInTurn)).warmMs[0]);
    if (seed000) seed000Ms.push(...(await measureInFreshProcess(database, route, [seed000], rounds.seed000InTurn)).warmMs[0]);
  }
  return ratio(`warmVsSeed000${route.suffix}`, oursMs, seed000 && seed000Ms);
}
