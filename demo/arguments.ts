import { parseArgs } from 'node:util';

export interface DemoArguments {
  readonly email: string;
  readonly name: string;
  readonly keep: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** What is wrong with the command line, for whoever typed it. */
export class UsageError extends Error {}

export const HELP = `Signs somebody up in a local Cognito and shows their row in a real PostgreSQL.

  npm run demo -- [options]

  --email <address>  who signs up (ada@example.com)
  --name <name>      their name (Ada Lovelace)
  --keep             leave the table in the database of DATABASE_URL
  --json             end with one line of JSON: {"event":…,"row":…,"elapsedMs":…}
  --help             show this

With DATABASE_URL=postgresql://user:password@host:5432/database the row goes to a database of your own: to the table
cognito_user_sync_demo.users, which is dropped afterwards. ?sslmode=verify-full&sslrootcert=ca.pem or ?sslmode=disable
decides about TLS; without sslmode the server's certificate is verified, unless the host is this machine.
`;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): DemoArguments {
  const { email, name, ...flags } = parsed(argv);
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) throw new UsageError(`--email is not an e-mail address, got ${JSON.stringify(email)}: expected one like ada@example.com`);
  if (name.trim() === '') throw new UsageError('--name is empty: expected a name like "Ada Lovelace"');
  return { email, name, ...flags };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        email: { type: 'string', default: 'ada@example.com' },
        name: { type: 'string', default: 'Ada Lovelace' },
        keep: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}: try --help`, { cause: error });
  }
}
