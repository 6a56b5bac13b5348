import { parseArgs } from 'node:util';
import { KINDS } from './kinds';

type StoreName = keyof typeof KINDS;

const STORES = Object.keys(KINDS) as StoreName[];

export interface FaultsArguments {
  /** Where the rows live. */
  readonly store: StoreName;
  /** Parts of names; none for all faults. */
  readonly only: readonly string[];
  readonly json: boolean;
  readonly log: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** What is wrong with the command line, for whoever typed it. */
export class UsageError extends Error {}

export const HELP = `Breaks the way from sign-up to the users table in every way we know of, and counts who was lost.

  npm run faults -- [options]

  --only <text>      only the faults with this in their name; may be given several times
  --store <store>    where the rows live: ${STORES.join(', ')} (${STORES[0]})
  --log              show on standard error what the functions have logged
  --list             show the names of the faults
  --json             end with one line of JSON: {"faults":[{"name":…,"signUpMs":…,"ended":…,"lost":…,"duplicates":…}]}
  --help             show this
`;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): FaultsArguments {
  const { store, ...given } = parsed(argv);
  const known = STORES.find((name) => name === store);
  if (known === undefined) throw new UsageError(`got --store ${JSON.stringify(store)}: expected ${STORES.join(', ')}`);
  return { store: known, ...given };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        store: { type: 'string', default: 'postgres' },
        list: { type: 'boolean', default: false },
        log: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}: try --help`, { cause: error });
  }
}
