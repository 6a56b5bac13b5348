import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine, type RunOptions } from './command-line';
import { STRANGERS } from './strangers';
import { loginStatement } from '../../lambda-src/check';
import { useDatabase } from '../support/database';
import { startTcpProxy } from '../support/tcp-proxy';

const MAPPING = ['--column', 'cognito_user_id=sub', '--column', 'email=email', '--column', 'display_name=name'];
const USERS = ['--table', 'public.users', ...MAPPING];
const CANARY = 'canary-5f1d';

const database = useDatabase();
const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true }));

const check = (args: readonly string[], { environment, ...options }: RunOptions = {}) => (
  commandLine(['check', ...args], { ...options, environment: { DATABASE_URL: database.connectionString(), ...environment } })
);
const plan = (content: unknown) => {
  const file = join(folder, 'plan.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const codes = (stdout: string) => JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);

test('a table that fits ends with 0, and says so', async () => {
  const { exitCode, stdout, stderr } = await check(USERS);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^warning loginIsSuperuser: [^]*\n\n0 errors, 1 warning\.\n$/);
});

test('as the login that sql prints there is nothing to say', async () => {
  const login = 'check_cli';
  await database.client.query(loginStatement({ table: 'public.users', columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name' }, login }));
  try {
    await database.client.query(`alter role ${login} password '${CANARY}'`);
    const url = new URL(database.connectionString({ user: login, password: '' }));
    expect(await check(USERS, { environment: { DATABASE_URL: url.href, PGPASSWORD: CANARY } })).toEqual({ exitCode: 0, stdout: 'The table fits.\n', stderr: '' });
    expect(await check([...USERS, '--json'], { environment: { DATABASE_URL: url.href, PGPASSWORD: CANARY } })).toEqual({ exitCode: 0, stdout: '{"findings":[]}\n', stderr: '' });
  } finally {
    await database.client.query(`drop owned by ${login}; drop role ${login}`);
  }
});

test('errors end with 1, each with the SQL that mends it', async () => {
  const { exitCode, stdout } = await check([...USERS, '--column', 'missing=custom:x']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^error columnMissing: the table has no column "missing".*\n {4}alter table "public"\."users" add column "missing" text;\n\n[^]*\n\n1 error, 1 warning\.\n$/);
});

test('--json is exactly one line', async () => {
  const { exitCode, stdout, stderr } = await check([...USERS, '--column', 'missing=custom:x', '--json']);
  expect({ exitCode, stderr, lines: stdout.split('\n').length }).toEqual({ exitCode: 1, stderr: '', lines: 2 });
  expect(JSON.parse(stdout)).toEqual({
    findings: [
      { severity: 'error', code: 'columnMissing', message: expect.stringContaining('"missing"'), sql: 'alter table "public"."users" add column "missing" text;' },
      { severity: 'warning', code: 'loginIsSuperuser', message: expect.stringContaining('superuser'), sql: null },
    ],
  });
});

test('a missing table is an error here', async () => {
  const { exitCode, stdout } = await check(['--table', 'app.people', ...MAPPING, '--json']);
  expect({ exitCode, codes: codes(stdout) }).toEqual({ exitCode: 1, codes: ['tableMissing'] });
});

test('a column may have any name, and a source equals signs and colons', async () => {
  await database.client.query('create table "odd = names" ("a=b" text primary key, "x" text, "say ""hi""" text)');
  const odd = ['--table', '"odd = names"', '--json', '--column', '"a=b"=sub', '--column', 'x=clientMetadata:a=b:c', '--column', '"say ""hi"""=custom:x=y'];
  expect(codes((await check(odd)).stdout)).toEqual(['loginIsSuperuser']);
});

test('the key is given once, repeated, or with commas', async () => {
  await database.client.query('create table keyed ("po,ol" text, id text, name text, unique ("po,ol", id))');
  const keyed = ['--table', 'keyed', '--json', '--column', '"po,ol"=userPoolId', '--column', 'id=sub'];
  for (const key of [['--key', 'id', '--key', '"po,ol"'], ['--key', '"po,ol",id']]) expect(codes((await check([...keyed, ...key])).stdout)).toEqual(['loginIsSuperuser']);
  expect(codes((await check(keyed)).stdout)).toEqual(['keyNotUnique', 'loginIsSuperuser']);
});

test('a column has the kind that is given, whatever its name is quoted like', async () => {
  await database.client.query('create table kinds (id text primary key, active boolean, "a=b" date)');
  const written = ['--table', 'kinds', '--json', '--column', 'id=sub', '--column', 'active=custom:active', '--column', '"a=b"=custom:day'];
  expect(codes((await check(written)).stdout)).toEqual(['kindMismatch', 'kindMismatch', 'loginIsSuperuser']);
  expect(codes((await check([...written, '--kind', '"active"=boolean', '--kind', '"a=b"=date'])).stdout)).toEqual(['loginIsSuperuser']);
  const planned = plan({ table: 'kinds', columns: { id: 'sub', active: { from: 'custom:active', write: 'onInsert', kind: 'text' } } });
  expect(codes((await check(['--plan', planned, '--json', '--kind', 'active=boolean'])).stdout)).toEqual(['loginIsSuperuser']);
});

describe('--plan', () => {
  const columns = { cognito_user_id: 'sub', email: { from: 'email', write: 'onInsert' }, level: { constant: 7 } };

  test.each([
    ['as the construct writes it', { database: { kind: 'postgres', host: 'h', table: 'public.users', key: ['cognito_user_id'], login: { iamUser: 'x' } }, columns, queue: { url: 'u' } }],
    ['the part that matters', { table: 'public.users', key: ['cognito_user_id'], columns }],
  ])('is read %s, and options come before it', async (_how, content) => {
    expect(codes((await check(['--plan', plan(content), '--json'])).stdout)).toEqual(['columnMissing', 'loginIsSuperuser']);
    const changed = ['--plan', plan(content), '--json', '--table', '"users"', '--key', '"handle"', '--column', '"handle"=sub', '--column', '"level"=custom:level'];
    const { findings } = JSON.parse((await check(changed)).stdout);
    expect(findings.map(({ code }: { code: string }) => code)).toEqual(['columnMissing', 'keyNotUnique', 'extraUnique', 'loginIsSuperuser']);
  });

  test('is read with a byte order mark', async () => {
    expect(codes((await check(['--plan', plan(`\ufeff${JSON.stringify({ table: 'public.users', columns: { cognito_user_id: 'sub' } })}`), '--json'])).stdout)).toEqual(['loginIsSuperuser']);
  });

  test.each([
    [() => '/nowhere.json', /--plan.*ENOENT/],
    [() => plan('{'), /no JSON/],
    [() => plan({ table: 7 }), /Expected \{"table"/],
    [() => plan('null'), /got no table/],
    [() => plan({ database: { kind: 'relay', functionName: 'f' }, columns }), /got no table.*relay/],
    [() => plan({ table: 'users', columns: { id: null } }), /column "id": got "?null/],
  ])('that is none ends with 2 (%#)', async (file, says) => {
    expect(await check(['--plan', file()])).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
  });
});

test.each([
  [['--table', 'public.users'], /got no columns/],
  [MAPPING, /got no table/],
  [['--table', 'a.b.c', ...MAPPING], /"a\.b\.c" is not a table name/],
  [['--table', 'users', '--column', 'email=email'], /got no column for the user's id/],
  [['--table', 'users', '--column', 'id=sub', '--column', 'x=nonsense'], /column "x": got "nonsense", which is no value of a Cognito user/],
  [['--table', 'users', '--column', 'id'], /Expected column=source/],
  [['--table', 'users', '--column', 'id=sub', '--column', 'id=email'], /there twice/],
  [['--table', 'users', '--column', 'id=sub', '--column', '"id"=email'], /mapped twice/],
  [['--table', 'users', '--column', 'id=sub', '--key', ''], /'--key <columns>' argument '' is invalid\. Expected names of columns/],
  [['--table', 'users', '--column', 'id=sub', '--kind', 'id=string'], /'id=string' is invalid\. Expected column=kind.*text, boolean, integer/],
  [['--table', 'users', '--column', 'id=sub', '--kind', 'boolean'], /Expected column=kind/],
  [['--table', 'users', '--column', 'id=sub', '--kind', 'id=text', '--kind', 'id=uuid'], /there twice/],
  [['--table', 'users', '--column', 'id=sub', '--kind', 'x=text'], /got --kind for the column "x", which is not mapped/],
  [['--table', 'users', '--column', 'id=sub', '--key', 'email'], /key column "email" is not mapped/],
])('wrong arguments end with 2: %j', async (args, says) => {
  expect(await check(args)).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
});

test.each<[string, () => string, RegExp]>([
  ['no URL', () => '', /got no database: expected --database-url/],
  ['no URL that can be read', () => `mysql://u:${CANARY}@localhost/x`, /the connection URL cannot be read/],
  ['an sslmode that is none', () => `postgresql://u:${CANARY}@localhost/x?sslmode=no-verify`, /got sslmode="no-verify".*expected one of disable, allow, prefer/],
  ['a weak sslmode with public authorities', () => `postgresql://u:${CANARY}@localhost/x?sslmode=require&sslrootcert=system`, /takes verify-full/],
  ['a password that is refused', () => database.connectionString({ password: CANARY }), /PostgreSQL refused the login.*28P01/],
  ['no password', () => database.connectionString({ password: '' }), /wants a password, and there is none/],
  ['a database that is not there', () => database.connectionString().replace(database.name, 'nowhere'), /no database of that name.*3D000/],
  ['nobody there', () => `postgresql://u:${CANARY}@localhost:1/x`, /could not be reached \(ECONNREFUSED\)/],
  ['a host that is not known', () => `postgresql://u:${CANARY}@nowhere.invalid/x`, /host name is not known/],
])('%s ends with 2 and no secret is shown', async (_case, url, says) => {
  const { exitCode, stdout, stderr } = await check(USERS, { environment: { DATABASE_URL: url() } });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 2, stdout: '', stderr: expect.stringMatching(says) });
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toContain(CANARY);
  expect(stderr).not.toContain(database.server.password);
});

/** All of them at once: some are waited for, and for the same 8 seconds then. */
test('whoever stands in the place of PostgreSQL is told of, and ends with 2 before somebody loses patience', async () => {
  await Promise.all(Object.entries(STRANGERS).map(async ([who, listening]) => {
    const server = listening().listen(0, 'localhost');
    await once(server, 'listening');
    try {
      const url = `postgresql://u:${CANARY}@localhost:${(server.address() as AddressInfo).port}/x?sslmode=`;
      const ends = await Promise.all(['disable', 'prefer', 'verify-full'].map((sslmode) => check(USERS, { environment: { DATABASE_URL: url + sslmode } })));
      for (const { exitCode, stdout, stderr } of ends) {
        expect({ who, exitCode, stdout, stderr }).toEqual({ who, exitCode: 2, stdout: '', stderr: expect.stringMatching(/expected the host and port of a PostgreSQL server|the server does not offer TLS/) });
        expect(stderr).not.toContain(CANARY);
      }
      expect(ends[0].stderr).toContain('expected the host and port of a PostgreSQL server');
    } finally {
      server.close();
    }
  }));
}, 25_000);

test.each([
  ['another authority', () => new URL(database.connectionString()), database.server.wrongCaFile, /\(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|DEPTH_ZERO/],
  ['no authority', () => new URL(database.connectionString()), undefined, /could not be verified/],
  ['another host', () => new URL(database.connectionString().replace('localhost', '0.0.0.0')), database.server.caFile, /ERR_TLS_CERT_ALTNAME_INVALID/],
])('a certificate that does not fit says what to write into the URL: %s', async (_what, written, authorities, code) => {
  const url = written();
  url.searchParams.set('sslmode', 'verify-full');
  if (authorities) url.searchParams.set('sslrootcert', authorities);
  else url.searchParams.delete('sslrootcert');
  const { exitCode, stderr } = await check(USERS, { environment: { DATABASE_URL: url.href } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/certificate could not be verified.*sslrootcert=/) });
  expect(stderr).toMatch(code);
  expect(stderr).not.toMatch(/certificateAuthorities/);
});

test('a host of RDS in a Region that the package does not know is told of, too', async () => {
  const { exitCode, stderr } = await check(USERS, { environment: { DATABASE_URL: 'postgresql://u:p@db.abc.xx-new-1.rds.amazonaws.com/x?sslmode=verify-full' } });
  expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringMatching(/the package has no certificates for db\.abc\.xx-new-1.*sslrootcert=/) });
});

test.each(['verify-full', 'prefer'])('a refused login is not tried again (%s)', async (sslmode) => {
  let connections = 0;
  const counter = createServer((client) => {
    connections += 1;
    const server = connect(database.server.port, 'localhost');
    client.on('error', () => server.destroy()).pipe(server).on('error', () => client.destroy()).pipe(client);
  }).listen(0, 'localhost');
  await once(counter, 'listening');
  try {
    const url = database.connectionString({ port: (counter.address() as AddressInfo).port, password: CANARY }).replace('verify-full', sslmode);
    expect(await check(USERS, { environment: { DATABASE_URL: url } })).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('28P01') });
  } finally {
    counter.close();
  }
  expect(connections).toBe(1);
});

test('whoever is not verified is told of in one line, and the report is as ever', async () => {
  const url = new URL(database.connectionString());
  url.searchParams.set('sslmode', 'require');
  url.searchParams.delete('sslrootcert');
  const { exitCode, stdout, stderr } = await check([...USERS, '--database-url', url.href, '--json']);
  expect({ exitCode, codes: codes(stdout), stderr }).toEqual({
    exitCode: 0,
    codes: ['loginIsSuperuser'],
    stderr: 'The server was not verified (sslmode=require): write sslmode=verify-full into the URL to know whom you are connected to.\n',
  });
});

test('Ctrl-C ends it with 130', async () => {
  const proxy = await startTcpProxy(database.server.port);
  await proxy.blackHole();
  try {
    const { exitCode, stdout } = await check(USERS, {
      environment: { DATABASE_URL: database.connectionString({ port: proxy.port }) },
      onStart: async (child) => {
        while (proxy.connections === 0) await sleep(20);
        child.kill('SIGINT');
      },
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  } finally {
    await proxy.stop();
  }
});

test('names cannot steer the terminal', async () => {
  await database.client.query('create table steered (id text primary key, "a\u001b[2J\u009bb" text not null)');
  const { stdout } = await check(['--table', 'steered', '--column', 'id=sub']);
  expect(stdout).toContain('columnNeedsValue');
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
