import { readFileSync } from 'node:fs';
import type { LogLine } from '../../../lambda-src/delivery/log';
import { createPostConfirmationHandler, type DatabaseOptions } from '../../../lambda-src/handler';
import { expiredCertificate } from '../../support/certificates';
import { useDatabase } from '../../support/database';
import { recordedEvent } from '../../support/events';
import { startPostgres, type PostgresServer } from '../../support/postgres-server';

const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');

async function lineFor(database: Partial<DatabaseOptions>): Promise<LogLine> {
  const log: LogLine[] = [];
  await createPostConfirmationHandler({
    database: { table: 'public.users', ...database } as DatabaseOptions,
    columns: { cognito_user_id: 'sub' },
    log: (line) => log.push(line),
  })(EVENT);
  return log.at(-1)!;
}

describe.each([14, 18] as const)('PostgreSQL %d', (version) => {
  const database = useDatabase({ version });
  const url = (change: (parameters: URLSearchParams) => void, host = 'localhost') => {
    const written = new URL(database.connectionString({ host }));
    change(written.searchParams);
    return written.href;
  };
  const withoutRoot = (parameters: URLSearchParams) => parameters.delete('sslrootcert');

  test.each<[string, () => Partial<DatabaseOptions>]>([
    ['sslrootcert', () => ({ connectionString: database.connectionString() })],
    ['ca', () => ({ connectionString: url(withoutRoot), ca: readFileSync(database.server.caFile, 'utf8') })],
    ['an IP address in the certificate', () => ({ connectionString: database.connectionString({ host: '127.0.0.1' }) })],
    ['no sslmode, which means verify-full', () => ({ connectionString: url((parameters) => parameters.delete('sslmode')) })],
    ['sslmode=require, which verifies all the same', () => ({ connectionString: url((parameters) => parameters.set('sslmode', 'require')) })],
    ['sslmode=disable, where somebody wrote so', () => ({ connectionString: database.connectionString({ sslmode: 'disable' }) })],
  ])('writes with the right certificate authority by %s', async (_case, options) => {
    await database.client.query('truncate public.users');
    expect(await lineFor(options())).toMatchObject({ outcome: 'written' });
  });

  test.each<[string, () => Partial<DatabaseOptions>, string]>([
    ['a wrong certificate authority', () => ({ connectionString: url((parameters) => parameters.set('sslrootcert', database.server.wrongCaFile)) }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['no certificate authority', () => ({ connectionString: url(withoutRoot) }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['a host that is not in the certificate', () => ({ connectionString: database.connectionString({ host: '0.0.0.0' }) }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('fails by name with %s, and sends nothing', async (_case, options, code) => {
    await database.client.query('truncate public.users');
    expect(await lineFor(options())).toMatchObject({ outcome: 'unrecorded', error: { failure: 'misconfigured', code } });
    expect(await database.rows('select * from public.users')).toEqual([]);
  });

  test.each([
    ['sslmode=no-verify', (parameters: URLSearchParams) => parameters.set('sslmode', 'no-verify'), 'got sslmode="no-verify" in the connection URL: expected verify-full'],
    ['a root file that is not there', (parameters: URLSearchParams) => parameters.set('sslrootcert', '/nowhere.pem'), 'sslrootcert "/nowhere.pem" cannot be read (ENOENT)'],
  ])('fails by name with %s', async (_case, change, message) => {
    const { error } = await lineFor({ connectionString: url(change) });
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringContaining(message) });
    expect(JSON.stringify(error)).not.toContain(database.server.password);
  });
});

test('fails by name where the server has no TLS', async () => {
  const server: PostgresServer = await startPostgres({ settings: { ssl: 'off' } });
  try {
    expect(await lineFor({ connectionString: server.connectionString('postgres') })).toMatchObject({ error: { name: 'ConfigurationError', message: expect.stringMatching(/^the server does not offer TLS/) } });
  } finally {
    await server.stop();
  }
});

test('fails by name where the server\'s certificate has expired', async () => {
  const server: PostgresServer = await startPostgres({ certificate: await expiredCertificate() });
  try {
    expect(await lineFor({ connectionString: server.connectionString('postgres') })).toMatchObject({ error: { failure: 'misconfigured', code: 'CERT_HAS_EXPIRED', message: expect.stringContaining('trusted were the certificate authorities those it was given') } });
  } finally {
    await server.stop();
  }
});
