import type { Command } from 'commander';
import type { SqlOptions } from './sql';
import type { Run } from '../run';
import { withTarget } from '../target-options';

const ABOUT = `
For whoever runs migrations by hand: nothing is connected to. The login may write the mapped columns, and nothing else.
Its statement may run again at any time, for example after a column was added to the mapping; it drops and revokes
nothing. It has no password: where the server has the role rds_iam, the login gets that and logs in by IAM; elsewhere
give it one, for example with \\password in psql.

Exit codes: 0 printed, 2 wrong arguments.

Examples:
  cognito-user-sync sql --login user_sync --table public.users --column cognito_user_id=sub --column email=email | psql "$ADMIN_URL"
  cognito-user-sync sql --create-table --login user_sync --plan plan.json > migration.sql`;

export function addSql(program: Command, run: Run): void {
  withTarget(program.command('sql').description('Prints the SQL that creates the users table, and the login that writes to it.'))
    .option('--login <name>', 'create this login, and grant it what it needs')
    .option('--create-table', 'create the table, where there is none of that name')
    .addHelpText('after', ABOUT)
    .action(run<SqlOptions>(async (options, session) => (await import('./sql.js')).sql(options, session)));
}
