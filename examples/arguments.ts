import { parseArgs } from 'node:util';

export interface ExamplesArguments {
  /** Parts of names; none for all examples. */
  readonly only: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
}

/** What is wrong with the command line, for whoever typed it. */
export class UsageError extends Error {}

export const HELP = `Synthesises every example, and runs what it would deploy against emulators: people sign up, and are found where the example keeps its users.

  npm run examples -- [options]

  --only <text>  only the examples with this in their name; may be given several times
  --json         end with one line of JSON: {"examples":[{"name":…,"synth":true,"endToEnd":true}]}; endToEnd is null where there is nothing to run
  --help         show this
`;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): ExamplesArguments {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}: try --help`, { cause: error });
  }
}
