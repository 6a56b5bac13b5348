import type { WarmRounds } from './measured-process';

export interface Rounds {
  /** Fresh processes of each peer. */
  readonly cold: number;
  /** Of the two Node.js handlers, in one process. */
  readonly warm: WarmRounds;
  /** Of ours and the Python handler, each in processes of its own: so many of them, in turn. */
  readonly turns: number;
  readonly oursInTurn: WarmRounds;
  /** It connects for each event, so it has little to warm up. */
  readonly seed000InTurn: WarmRounds;
  readonly bulk: BulkRounds;
}

export interface BulkRounds {
  /** Of each way, into a fresh table each, after one that is not counted. */
  readonly rounds: number;
  readonly rows: number;
  /** Rows in one call of the store. */
  readonly batch: number;
  /** After how many rows the memory is looked at. */
  readonly memoryRows: readonly [first: number, all: number];
}

export const FULL: Rounds = {
  cold: 41,
  warm: { warmUp: 500, rounds: 2_000 },
  turns: 4,
  oursInTurn: { warmUp: 500, rounds: 200 },
  seed000InTurn: { warmUp: 5, rounds: 50 },
  bulk: { rounds: 3, rows: 200_000, batch: 1_000, memoryRows: [10_000, 1_000_000] },
};

/** Shows that everything runs; the figures mean nothing. */
export const QUICK: Rounds = {
  cold: 1,
  warm: { warmUp: 5, rounds: 20 },
  turns: 1,
  oursInTurn: { warmUp: 5, rounds: 20 },
  seed000InTurn: { warmUp: 0, rounds: 3 },
  bulk: { rounds: 1, rows: 2_000, batch: 1_000, memoryRows: [1_000, 5_000] },
};
