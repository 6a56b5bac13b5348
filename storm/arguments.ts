import { parseArgs } from 'node:util';
import { STORE_NAMES, type StoreName } from './stores';

export interface StormArguments {
  /** Where the rows live. */
  readonly store: StoreName;
  readonly users: number;
  readonly seed: number;
  readonly json: boolean;
  readonly help: boolean;
}

/** What is wrong with the command line, for whoever typed it. */
export class UsageError extends Error {}

export const HELP = `Users sign up, change and are deleted in a storm of faults and kills; at the end each of them has the right row.

  npm run storm -- [options]

  --store <s>  where the rows live: ${STORE_NAMES.join(', ')} (${STORE_NAMES[0]})
  --users <n>  how many (10000)
  --seed <n>   the same lives, faults and kills as in an earlier run (another one each time)
  --json       end with one line of JSON: {"users":…,"lost":…,"duplicates":…,"stale":…,"resurrected":…,…}
  --help       show this
`;

const MOST_USERS = 1_000_000;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): StormArguments {
  const { store, users, seed, ...flags } = parsed(argv);
  const known = STORE_NAMES.find((name) => name === store);
  if (known === undefined) throw new UsageError(`--store got ${JSON.stringify(store)}: expected ${STORE_NAMES.join(', ')}`);
  return {
    store: known,
    users: whole('users', users, 1, MOST_USERS),
    seed: seed === undefined ? Math.floor(Math.random() * 1e9) : whole('seed', seed, 0, Number.MAX_SAFE_INTEGER),
    ...flags,
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(number >= least && number <= most)) throw new UsageError(`--${name} got ${JSON.stringify(text)}: expected a whole number from ${least} to ${most}`);
  return number;
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        store: { type: 'string', default: STORE_NAMES[0] },
        users: { type: 'string', default: '10000' },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}: try --help`, { cause: error });
  }
}
