import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { BenchDatabase, Route } from './database';
import type { Peer } from './peers';

/** For each handler of the process, in the order given. */
export interface Milliseconds {
  /** Load and first invocation. */
  readonly coldMs: readonly number[];
  /** Of each counted round. */
  readonly warmMs: ReadonlyArray<readonly number[]>;
}

export interface WarmRounds {
  /** Not counted. */
  readonly warmUp: number;
  readonly rounds: number;
}

/** Measures handlers that share one interpreter and one environment in a fresh process. */
export async function measureInFreshProcess(
  database: BenchDatabase, { port }: Route, peers: readonly Peer[], { warmUp, rounds }: WarmRounds = { warmUp: 0, rounds: 0 },
): Promise<Milliseconds> {
  const [{ program, script, environment }] = peers;
  const plan = { handlers: peers.map(({ handler }) => handler), warmUp, rounds };
  // Without its output: in Lambda, too, nobody reads it before the answer.
  const child = spawn(program, [script, JSON.stringify(plan)], { env: environment(port), stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  const [milliseconds, [code]] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'close')]);
  process.off('exit', kill);
  if (code !== 0) throw new Error(`${program} ${script} ended with ${code}, expected it to measure ${plan.handlers.join(' and ')}: its own message stands above`);

  // No handler fails a sign-up, so only the table tells whether it did its work.
  const written = await database.takeRows();
  const expected = peers.length * (1 + warmUp + rounds);
  if (written !== expected) throw new Error(`${plan.handlers.join(' and ')} wrote ${written} rows, expected ${expected}: run it by hand to see what it logs`);
  return JSON.parse(milliseconds);
}
