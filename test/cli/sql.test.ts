import { commandLine } from './command-line';
import { checkTable } from '../../lambda-src/check';
import { Deadline } from '../../lambda-src/deadline';
import { statementRunner } from '../../lambda-src/stores/postgres/database-options';
import { useDatabase } from '../support/database';

const COLUMNS = { cognito_user_id: 'sub', email: 'email', plan: 'custom:plan' };
const USERS = ['--table', 'public.users', ...Object.entries(COLUMNS).flatMap(([name, source]) => ['--column', `${name}=${source}`])];

const database = useDatabase({ tables: '' });

test('what it prints creates a table and a login that fit, without any connection', async () => {
  const { exitCode, stdout, stderr } = await commandLine(['sql', '--create-table', '--login', 'sql_cli', ...USERS]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  await database.client.query(stdout);
  try {
    await database.client.query("alter role sql_cli password 'p'");
    const runner = statementRunner({ connectionString: database.connectionString({ user: 'sql_cli', password: 'p' }), table: '' });
    expect(await checkTable(runner, { table: 'public.users', columns: COLUMNS }, Deadline.after(10_000), 'error')).toEqual([]);
  } finally {
    await database.client.query('drop owned by sql_cli; drop role sql_cli');
  }
});

test('--create-table is the table alone', async () => {
  expect(await commandLine(['sql', '--create-table', ...USERS])).toEqual({
    exitCode: 0,
    stderr: '',
    stdout: `create table if not exists "public"."users" (
  "cognito_user_id" text,
  "email" text,
  "plan" text,
  primary key ("cognito_user_id")
);
`,
  });
});

test('--kind is the kind that the table is created with', async () => {
  const { stdout } = await commandLine(['sql', '--create-table', ...USERS, '--kind', 'plan=integer']);
  expect(stdout).toContain('  "plan" bigint,\n');
});

test('--login is one statement', async () => {
  const { stdout } = await commandLine(['sql', '--login', 'x', ...USERS]);
  expect(stdout).toMatch(/^do \$cognito_user_sync\$\n[^]*\$cognito_user_sync\$;\n$/);
});

test.each([
  [USERS, /got neither --login nor --create-table/],
  [['--login', 'pg_me', ...USERS], /got "pg_me" as the name of the login/],
  [['--login', 'me'], /got no table/],
  [['--create-table', '--table', 'users', '--column', 'id=nonsense'], /no value of a Cognito user/],
])('wrong arguments end with 2: %j', async (args, says) => {
  expect(await commandLine(['sql', ...args])).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
});

test.each(['check', 'sql'])('%s --help has examples', async (command) => {
  const { exitCode, stdout } = await commandLine([command, '--help']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/Examples:\n/) });
});

test('the SQL that the help of check pipes on is that of errors alone', async () => {
  const { stdout } = await commandLine(['check', '--help']);
  expect(stdout).toContain('--json | jq -r \'.findings[] | select(.severity=="error").sql // empty\'');
});
