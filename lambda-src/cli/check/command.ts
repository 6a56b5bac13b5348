import type { Command } from 'commander';
import type { CheckOptions } from './check';
import type { Run } from '../run';
import { withTarget } from '../target-options';

const ABOUT = `
Reads the catalog alone, which every login may, and changes nothing. Log in as the sync itself does: what it may do is
looked at, too. With --json the only line of standard output is
  {"findings":[{"severity":"error"|"warning","code":…,"message":…,"sql":…}]}
where sql is null for what SQL cannot, or should not, mend.

The database is given as a connection URL, where sslmode and sslrootcert mean what they mean to psql (without sslmode:
prefer, which verifies nobody); verify-full also knows the certificates of RDS. The password may stand in PGPASSWORD.
Not read: several hosts, host and the like after the question mark, key=value pairs, service files, client certificates
and any other variable of libpq's.

Exit codes: 0 no errors, 1 errors, 2 wrong arguments or no way to look, 130 Ctrl-C.

Examples:
  export DATABASE_URL='postgresql://user_sync@db.example.com/app?sslmode=verify-full'
  cognito-user-sync check --table public.users --column cognito_user_id=sub --column email=email
  cognito-user-sync check --table 'app."Users"' --column userId=sub --column '"e-mail"=email' --column active=custom:active --kind active=boolean
  cognito-user-sync check --plan plan.json --json | jq -r '.findings[] | select(.severity=="error").sql // empty'`;

export function addCheck(program: Command, run: Run): void {
  withTarget(program.command('check').description('Tells what in a users table, or in the login, would keep users out of it, and the SQL that mends it.'))
    .option('--database-url <url>', 'postgresql://user:password@host:5432/database (default: DATABASE_URL)')
    .option('--json', 'one JSON object instead of a report')
    .addHelpText('after', ABOUT)
    .action(run<CheckOptions>(async (options, session) => (await import('./check.js')).check(options, session)));
}
