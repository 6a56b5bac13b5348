import { Connection } from '../../lambda-src/cli/database/connection';
import { Problem } from '../../lambda-src/cli/problem';
import type { Session } from '../../lambda-src/cli/session';
import { Deadline } from '../../lambda-src/deadline';
import { UserSyncError } from '../../lambda-src/errors';
import type { PostgresAddress } from '../support/postgres-address';
import { type PostgresServer, startPostgres } from '../support/postgres-server';
import { sharedServer } from '../support/shared-servers';

/** What libpq does, run against the same servers: https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
type Result = 'plain' | 'unverified' | 'verified' | 'refused';

const encrypted = sharedServer(18);
let plain: PostgresServer;
let strict: PostgresServer;

beforeAll(async () => {
  [plain, strict] = await Promise.all([
    startPostgres({ settings: { ssl: 'off' } }),
    startPostgres({ hba: ['hostssl tls_only all all scram-sha-256', 'host tls_only all all reject', 'hostnossl plain_only all all scram-sha-256', 'host plain_only all all reject'] }),
  ]);
  for (const name of ['tls_only', 'plain_only']) await strict.createDatabase(name);
});
afterAll(() => Promise.all([plain, strict].map((server) => server?.stop())));

async function resultOf({ port, user, password }: PostgresAddress, parameters: Readonly<Record<string, string | undefined>>, host = 'localhost', database = 'postgres'): Promise<Result> {
  const url = new URL(`postgresql://${user}:${password}@${host}:${port}/${database}`);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  const said: string[] = [];
  const connection = new Connection(url.href, { interrupted: new AbortController().signal, say: (line: string) => { said.push(line); } } as Session);
  try {
    await connection.run({ text: 'select 1', values: [] }, Deadline.after(10_000));
  } catch (error) {
    if (error instanceof Problem) expect(error.message).toMatch(/certificate could not be verified/);
    else expect(error).toBeInstanceOf(UserSyncError);
    return 'refused';
  } finally {
    connection.close();
  }
  if (said.length === 0) return 'verified';
  expect(said).toEqual([expect.stringMatching(/^The (connection is not encrypted|server was not verified) \(sslmode=/)]);
  return said[0].startsWith('The connection') ? 'plain' : 'unverified';
}

const MATRIX: ReadonlyArray<readonly [sslmode: string | undefined, right: Result, wrongAuthority: Result, wrongHost: Result, withoutTls: Result, noRoot: Result]> = [
  ['disable', 'plain', 'plain', 'plain', 'plain', 'plain'],
  ['allow', 'plain', 'plain', 'plain', 'plain', 'plain'],
  ['prefer', 'verified', 'plain', 'verified', 'plain', 'unverified'],
  [undefined, 'verified', 'plain', 'verified', 'plain', 'unverified'],
  ['require', 'verified', 'refused', 'verified', 'refused', 'unverified'],
  ['verify-ca', 'verified', 'refused', 'verified', 'refused', 'refused'],
  ['verify-full', 'verified', 'refused', 'refused', 'refused', 'refused'],
];

describe.each(MATRIX)('sslmode=%s', (sslmode, right, wrongAuthority, wrongHost, withoutTls, noRoot) => {
  test.each<[string, Result, () => Promise<Result>]>([
    ['the right authority', right, () => resultOf(encrypted, { sslmode, sslrootcert: encrypted.caFile })],
    ['another authority', wrongAuthority, () => resultOf(encrypted, { sslmode, sslrootcert: encrypted.wrongCaFile })],
    ['a host that is not in the certificate', wrongHost, () => resultOf(encrypted, { sslmode, sslrootcert: encrypted.caFile }, '0.0.0.0')],
    ['a server without TLS', withoutTls, () => resultOf(plain, { sslmode, sslrootcert: plain.caFile })],
    ['no authority given', noRoot, () => resultOf(encrypted, { sslmode })],
  ])('%s: %s', async (_case, expected, result) => {
    expect(await result()).toBe(expected);
  });
});

test.each<[string, string, Result]>([
  ['disable', 'tls_only', 'refused'],
  ['allow', 'tls_only', 'unverified'],
  ['prefer', 'tls_only', 'unverified'],
  ['require', 'tls_only', 'unverified'],
  ['disable', 'plain_only', 'plain'],
  ['allow', 'plain_only', 'plain'],
  ['prefer', 'plain_only', 'plain'],
  ['require', 'plain_only', 'refused'],
])('sslmode=%s where pg_hba.conf has %s: %s', async (sslmode, database, expected) => {
  expect(await resultOf(strict, { sslmode }, 'localhost', database)).toBe(expected);
});

test.each([undefined, 'verify-full'])('sslrootcert=system trusts public authorities alone (sslmode=%s)', async (sslmode) => {
  expect(await resultOf(encrypted, { sslmode, sslrootcert: 'system' })).toBe('refused');
});
