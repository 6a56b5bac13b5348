import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OWN_CERTIFICATES, PLAN_VARIABLE, type PostgresPlan } from '../../../src/private/plan';
import { expiredCertificate } from '../../support/certificates';
import { useDatabase } from '../../support/database';
import { recordedEvent } from '../../support/events';
import { startLambdaFunction } from '../../support/lambda-function';
import { startPostgres } from '../../support/postgres-server';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';

const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const database = useDatabase();
let secrets: SecretsManager;
const folders: string[] = [];

beforeAll(async () => {
  secrets = await startSecretsManager();
});
afterAll(async () => {
  await secrets.stop();
  folders.forEach((folder) => rmSync(folder, { recursive: true }));
});
beforeEach(() => database.client.query('truncate public.users'));

/** What the deployed trigger logs of a sign-up, with the user's own certificates beside it where there are some. */
async function lineOf(url: string, { plan = {}, own }: { plan?: Partial<PostgresPlan>; own?: string }) {
  const folder = mkdtempSync(join(tmpdir(), 'trigger-'));
  folders.push(folder);
  cpSync(join(__dirname, '..', '..', '..', 'assets', 'trigger'), folder, { recursive: true });
  if (own !== undefined) writeFileSync(join(folder, OWN_CERTIFICATES), readFileSync(own));
  // Without the root file, which is not on the function's machine.
  const written = new URL(url);
  written.searchParams.delete('sslrootcert');
  secrets.putSecret(SECRET, written.href);
  const trigger = await startLambdaFunction({
    folder,
    environment: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      [PLAN_VARIABLE]: JSON.stringify({
        database: { kind: 'postgres', table: 'public.users', ...(own !== undefined && { ownCertificates: true }), ...plan, login: { secretArn: SECRET } },
        columns: { cognito_user_id: 'sub' },
      }),
    },
  });
  const { payload, log } = await trigger.invoke(EVENT);
  await trigger.stop();
  expect(payload).toEqual(EVENT);
  return JSON.parse(log.at(-1)!);
}

const isWritten = async () => (await database.rows('select * from public.users')).length === 1;
const unverified = (code: string, trusted: string) => ({ outcome: 'unrecorded', error: { name: 'UserStoreError', failure: 'misconfigured', code, message: expect.stringContaining(`could not be verified (${code}); trusted were the certificate authorities ${trusted}`) } });

test('writes under the user\'s own certificate authority', async () => {
  expect(await lineOf(database.connectionString(), { own: database.server.caFile })).toMatchObject({ outcome: 'written' });
  expect(await isWritten()).toBe(true);
});

test.each<[string, () => Promise<object>, object]>([
  ['an authority of the user\'s own that is another', () => lineOf(database.connectionString(), { own: database.server.wrongCaFile }), unverified('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'those of certificates/own.pem')],
  ['a host that is not in the certificate', () => lineOf(database.connectionString({ host: '0.0.0.0' }), { own: database.server.caFile }), unverified('ERR_TLS_CERT_ALTNAME_INVALID', 'those of certificates/own.pem')],
  ['an authority that only the user knows, and did not give', () => lineOf(database.connectionString(), {}), unverified('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'those that Node.js trusts')],
  ['one that is not RDS\'s in the Region', () => lineOf(database.connectionString(), { plan: { region: 'eu-west-1' } }), unverified('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'RDS\'s of Region eu-west-1 in certificates/eu-west-1.pem')],
  ['a Region that nobody has authorities of', () => lineOf(database.connectionString(), { plan: { region: 'mars-north-1' } }), { error: { name: 'ConfigurationError', message: expect.stringContaining('none of RDS in Region mars-north-1, neither in certificates/mars-north-1.pem beside the function nor in /var/runtime/ca-cert.pem') } }],
  ['sslmode=disable that nobody allowed', () => lineOf(database.connectionString({ sslmode: 'disable' }), {}), { error: { name: 'ConfigurationError', message: expect.stringContaining('dangerouslyAllowUnencryptedConnections') } }],
])('refuses %s, by name, and sends nothing', async (_case, line, error) => {
  expect(await line()).toMatchObject(error);
  expect(await isWritten()).toBe(false);
});

test('writes without TLS where both the URL and the configuration say so', async () => {
  expect(await lineOf(database.connectionString({ sslmode: 'disable' }), { plan: { mayBeUnencrypted: true } })).toMatchObject({ outcome: 'written' });
});

test.each<[string, () => Promise<Parameters<typeof startPostgres>[0]>, object]>([
  ['a certificate that has expired', async () => ({ certificate: await expiredCertificate() }), unverified('CERT_HAS_EXPIRED', 'those of certificates/own.pem')],
  ['a server without TLS', async () => ({ settings: { ssl: 'off' } }), { error: { name: 'ConfigurationError', message: expect.stringMatching(/^the server does not offer TLS/) } }],
  ['a server without TLS, also where TLS may be off, but the URL does not say so', async () => ({ settings: { ssl: 'off' } }), { error: { name: 'ConfigurationError', message: expect.stringMatching(/^the server does not offer TLS/) } }],
])('refuses %s', async (name, options, error) => {
  const server = await startPostgres(await options());
  try {
    expect(await lineOf(server.connectionString('postgres'), { own: server.caFile, plan: { mayBeUnencrypted: name.includes('may be off') } })).toMatchObject(error);
  } finally {
    await server.stop();
  }
});
