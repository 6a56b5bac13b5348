import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { useDatabase } from '../support/database';

jest.setTimeout(60_000);

const DEMO = join(__dirname, '..', '..', 'demo', 'demo.ts');
const database = useDatabase();

/** Takes the temporary files of a demo. */
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  chmodSync(folder, 0o755); // as /tmp is; root's demo would go elsewhere otherwise
});

// Whatever way a demo has ended: its servers' folders are removed when they have ended. jest's timeout ends the wait.
afterEach(async () => {
  while (readdirSync(folder).some((name) => name.startsWith('cognito-user-sync-'))) await sleep(50);
  rmSync(folder, { recursive: true });
});

test('signs a user up and ends with the event and the row as one line of JSON', async () => {
  const { code, stdout, stderr } = await run(['--json']);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('row written') });
  const { event, row, elapsedMs } = JSON.parse(stdout);
  expect(event).toMatchObject({
    triggerSource: 'PostConfirmation_ConfirmSignUp',
    request: { userAttributes: { 'sub': row.cognito_user_id, 'email': 'ada@example.com', 'cognito:user_status': 'CONFIRMED' } },
  });
  expect(row).toEqual({ cognito_user_id: event.userName, email: 'ada@example.com', display_name: 'Ada Lovelace', handle: 'ada' });
  expect(elapsedMs).toBeGreaterThan(0);
});

test('signs somebody else up, in a database of the user\'s own, and leaves nothing there', async () => {
  const { code, stdout } = await run(['--json', '--email', 'zoë.o\'neill+1@example.org', '--name', 'Zoë "ζ" O’Neill 🙂'], database.connectionString());
  expect(code).toBe(0);
  expect(JSON.parse(stdout).row).toMatchObject({ email: 'zoë.o\'neill+1@example.org', display_name: 'Zoë "ζ" O’Neill 🙂' });
  expect(await tables()).toEqual(['public.users']);
  expect(await database.rows('select * from public.users')).toEqual([]);
});

test('keeps the table when told to', async () => {
  const { code, stdout } = await run(['--keep'], database.connectionString({ sslmode: 'disable' }));
  expect(code).toBe(0);
  expect(stdout).toContain('ada@example.com | Ada Lovelace | ada');
  expect(await database.rows('select email, display_name, handle from cognito_user_sync_demo.users')).toEqual([{ email: 'ada@example.com', display_name: 'Ada Lovelace', handle: 'ada' }]);
  await database.rows('drop schema cognito_user_sync_demo cascade');
});

test('fails with exit code 1 and a sentence where the row is not written', async () => {
  await database.rows(`create schema cognito_user_sync_demo
    create table users (cognito_user_id text not null unique, email text, display_name text check (false), handle text)`);
  await database.rows("comment on table cognito_user_sync_demo.users is 'made by the demo of cognito-user-sync'"); // by an earlier run, with --keep
  const { code, stderr } = await run([], database.connectionString());
  expect(code).toBe(1);
  expect(stderr).toMatch(/^demo: there is no row of user .*, expected one: the function's log above says why$/m);
  expect(await tables()).toEqual(['public.users']);
});

test('leaves a table that it did not make alone', async () => {
  await database.rows('create schema cognito_user_sync_demo create table users (id int)');
  const { code, stderr } = await run([], database.connectionString());
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/got a table cognito_user_sync_demo\.users that the demo did not make/) });
  expect(await tables()).toEqual(['cognito_user_sync_demo.users', 'public.users']);
  await database.rows('drop schema cognito_user_sync_demo cascade');
});

test.each([
  ['the wrong CA', () => database.connectionString().replace(/sslrootcert=.*/, `sslrootcert=${encodeURIComponent(database.server.wrongCaFile)}`), /expected a PostgreSQL that lets postgres in, with TLS and a certificate that can be verified/],
  ['something else than a URL', () => 'dbname=app', /the connection URL cannot be read/],
])('fails with exit code 1 and a sentence where DATABASE_URL has %s', async (_, url, sentence) => {
  const { code, stderr } = await run([], url());
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(sentence) });
});

test.each([
  [['--surname', 'Lovelace'], /--surname/],
  [['--email', 'ada'], /--email is not an e-mail address, got "ada"/],
  [['--name', ''], /--name is empty/],
  [['ada@example.com'], /ada@example\.com/],
])('refuses the arguments %j with exit code 2', async (args, sentence) => {
  const { code, stdout, stderr } = await run(args);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
});

test('cleans up on Ctrl-C, in the user\'s database, too', async () => {
  const demo = start([], database.connectionString());
  await untilOutput(demo, 'signs up as');
  expect(await tables()).toEqual(['cognito_user_sync_demo.users', 'public.users']);
  process.kill(-demo.pid!, 'SIGINT');
  expect(await once(demo, 'exit')).toEqual([130, null]);
  expect(await tables()).toEqual(['public.users']);
});

test('leaves nothing behind when it is killed', async () => {
  const demo = start([]);
  await untilOutput(demo, 'signs up as');
  expect(readdirSync(folder)).toEqual(expect.arrayContaining([expect.stringMatching(/^cognito-user-sync-/)]));
  demo.kill('SIGKILL');
  await once(demo, 'exit');
});

/** In a process group of its own, as a command in a terminal is. */
function start(args: readonly string[], databaseUrl?: string): ChildProcess {
  const env = { ...process.env, TMPDIR: folder, DATABASE_URL: databaseUrl };
  return spawn(process.execPath, ['--import', 'tsx', DEMO, ...args], { env, detached: true });
}

async function run(args: readonly string[], databaseUrl?: string) {
  const demo = start(args, databaseUrl);
  const [stdout, stderr, [code]] = await Promise.all([text(demo.stdout!), text(demo.stderr!), once(demo, 'exit')]);
  return { code, stdout, stderr };
}

async function untilOutput(demo: ChildProcess, expected: string): Promise<void> {
  let output = '';
  for await (const chunk of demo.stdout!.iterator({ destroyOnReturn: false })) {
    output += chunk;
    if (output.includes(expected)) return;
  }
  throw new Error(`the demo ended, expected ${JSON.stringify(expected)} in its output: ${output}`);
}

async function tables(): Promise<string[]> {
  const rows = await database.rows<{ name: string }>(
    "select schemaname || '.' || tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1",
  );
  return rows.map(({ name }) => name);
}
