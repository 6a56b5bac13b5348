import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { version as pg } from 'pg/package.json';
import type { BenchDatabase } from './database';
import type { Python } from './python';
import type { Rounds } from './rounds';

/** All that one must know to read the figures, or to get them again. */
export function configurationOf(
  node: string, database: BenchDatabase, python: Python | { readonly missing: string }, { cold, warm, turns, oursInTurn, seed000InTurn, bulk }: Rounds,
): Record<string, string> {
  const processors = cpus();
  return {
    'Node.js': execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(),
    'pg': pg,
    'PostgreSQL': `${database.version}, TLS with verified certificate, login by SCRAM (coldPrebuiltVsBarePg: trust)`,
    'seed 000': 'versions' in python ? python.versions : 'not measured',
    'machine': `${processors.length} × ${processors[0].model}, ${process.platform} ${process.arch}`,
    'cold': `median of ${cold} fresh processes each, in turn`,
    'warm': `median of ${warm.rounds} rounds after ${warm.warmUp} in one process, in turn`,
    'warm, seed 000': `${turns} processes each, in turn: ${oursInTurn.rounds} rounds after ${oursInTurn.warmUp} of ours, ${seed000InTurn.rounds} after ${seed000InTurn.warmUp} of theirs`,
    'bulk': `median of ${bulk.rounds} rounds after 1 in one process, in turn: ${bulk.rows} rows into a fresh table, ${bulk.batch} a call of ours`,
  };
}
