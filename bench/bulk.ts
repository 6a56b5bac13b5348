import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Bundles } from './bundles';
import type { BenchDatabase } from './database';
import { type Figure, growth, speed } from './figure';
import type { Progress } from './progress';
import type { BulkRounds } from './rounds';

/** Milliseconds of each round, by the way that was measured. */
type Times = Readonly<Record<'ours' | 'oursOnOneConnection' | 'copyAndMerge' | 'copyAndUpsert', readonly number[]>>;

/** Many rows into a table that was just made, on loopback. */
export async function bulkFigures(database: BenchDatabase, { bulk, copy }: Bundles, node: string, rounds: BulkRounds, progress: Progress): Promise<Figure[]> {
  const url = database.server.connectionString(database.name);
  const figures: Figure[] = [];
  for (const [shape, suffix] of [['four', ''], ['ten', '10']] as const) {
    progress(`${rounds.rows} rows of ${shape} columns`, 0, 1);
    const times: Times = JSON.parse(await measured(node, ['measure-bulk.js'], { ours: bulk, copy, url, shape, ...rounds }));
    figures.push(
      speed(`bulkVsCopyMerge${suffix}`, times.ours, times.copyAndMerge),
      speed(`bulkVsCopyMerge${suffix}OneConnection`, times.oursOnOneConnection, times.copyAndMerge),
      speed(`bulkVsCopyUpsert${suffix}`, times.ours, times.copyAndUpsert),
    );
  }
  progress(`memory for ${rounds.memoryRows[1]} rows`, 0, 1);
  const memory: { inUse: number; resident: number }[] = JSON.parse(await measured(node, ['--expose-gc', 'measure-memory.js'], { ours: bulk, copy, url, ...rounds }));
  figures.push(growth('bulkMemoryGrowth', memory.map(({ inUse }) => inUse)), growth('bulkResidentMemoryGrowth', memory.map(({ resident }) => resident)));
  return figures;
}

/** What a script writes to file descriptor 3 in a fresh process. */
async function measured(node: string, args: readonly string[], plan: object): Promise<string> {
  const child = spawn(node, [...args, JSON.stringify(plan)], { cwd: __dirname, stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
  const kill = () => child.kill();
  process.once('exit', kill);
  const [output, [code]] = await Promise.all([text(child.stdio[3] as Readable), once(child, 'close')]);
  process.off('exit', kill);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}, expected it to measure: its own message stands above`);
  return output;
}
