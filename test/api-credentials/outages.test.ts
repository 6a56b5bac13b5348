import { basic, POOL, startCredentialSite, type CredentialSite } from './site';
import { credentialAuthorizer } from '../../lambda-src/api-credentials/credential-authorizer';
import { credentialPlace, type CredentialStore } from '../../lambda-src/api-credentials/credential-store';
import { postgresCredentials } from '../../lambda-src/api-credentials/postgres-credentials';
import { Deadline } from '../../lambda-src/deadline';
import { ConfigurationError } from '../../lambda-src/errors';
import { statementRunner } from '../../lambda-src/stores/postgres/database-options';
import { useDatabase } from '../support/database';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const ARN = 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/prod/GET/users';
/** May log in, and nothing else. */
const stranger = `stranger_${process.pid}`;
// Before the database's own, which closes the client.
afterAll(() => database.client.query(`drop role ${stranger}`));
const database = useDatabase();
let proxy: TcpProxy;
let site: CredentialSite;
let sub: string;
let header: string;

beforeAll(async () => {
  await database.client.query(`create role ${stranger} login password 'secret'`);
  await database.client.query('alter table public.users add column api_credential_hash text');
  proxy = await startTcpProxy(database.server.port);
});
afterAll(() => proxy.stop());
beforeEach(async () => {
  site = await startCredentialSite(() => storeAt({ port: proxy.port }));
  sub = site.signUp();
  await database.client.query('insert into public.users (cognito_user_id) values ($1)', [sub]);
  const { statusCode, body } = await claim();
  expect(statusCode).toBe(201);
  header = basic(sub, JSON.parse(body).password);
  site.log.length = 0;
});
afterEach(async () => {
  await site.stop();
  await proxy.restore();
});

function storeAt(options: { readonly port?: number; readonly user?: string; readonly password?: string } = {}, column = 'api_credential_hash'): CredentialStore {
  const table = 'public.users';
  const runner = statementRunner({ connectionString: database.connectionString(options), table });
  return postgresCredentials(runner, { table, place: credentialPlace({ key: { cognito_user_id: 'sub' }, userPoolId: POOL, column }, 'sql') });
}

/** Little time is left where nothing answers. */
const context = (left = 8_000) => ({ functionName: 'function', awsRequestId: 'request', getRemainingTimeInMillis: () => left });
const claim = async (httpMethod = 'POST', left?: number) => site.claim({ httpMethod, requestContext: { authorizer: { claims: site.tokens.get(sub) } } }, context(left));
const authorize = async (left?: number) => site.authorizer({ type: 'REQUEST', methodArn: ARN, headers: { authorization: header } }, context(left));
const SOON = 700;

const outages: Record<string, () => unknown> = {
  'the table cannot be reached': async () => {
    await proxy.refuse();
    proxy.cut();
  },
  'the table does not answer': () => proxy.holdAnswers(),
  'Cognito does not answer': () => { site.directory.isBlackHole = true; },
  'Cognito throttles': () => site.directory.throttle(9),
};

describe.each(Object.entries(outages))('while %s', (_name, begin) => {
  beforeEach(async () => { await begin(); });

  test('nobody is let in, and nobody is told that their credential is wrong', async () => {
    await expect(authorize(SOON)).rejects.toThrow(/^the credential could not be checked/);
    expect(site.log).toMatchObject([{ level: 'ERROR', outcome: 'unavailable', sub, error: { failure: 'transient' }, unavailable: 1 }]);
  });

  test('whoever claims is asked to come again', async () => {
    expect(await claim('POST', SOON)).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5', 'cache-control': 'no-store' } });
    expect(site.log).toMatchObject([{ level: 'ERROR', outcome: 'unavailable', sub }]);
  });
});

test('without Cognito, a credential can be revoked all the same', async () => {
  site.directory.isBlackHole = true;
  expect(await claim('DELETE')).toMatchObject({ statusCode: 204, body: '' });
  expect((await database.rows('select api_credential_hash from public.users where cognito_user_id = $1', [sub]))[0]).toEqual({ api_credential_hash: null });
});

test('what the table holds that is no credential lets nobody in', async () => {
  for (const stored of ['', 'sha256:', header.slice(6), 'sha256:AAAA', `md5:${'A'.repeat(43)}`]) {
    await database.client.query('update public.users set api_credential_hash = $1 where cognito_user_id = $2', [stored, sub]);
    await expect(authorize()).rejects.toThrow(/^Unauthorized$/);
  }
});

test('garbage holds no connection: the first credential opens it', async () => {
  // Its own: those that other tests broke may be counted until they are closed.
  const own = await startTcpProxy(database.server.port);
  const authorizer = credentialAuthorizer({ userPoolId: POOL, log: () => undefined }, () => storeAt({ port: own.port }));
  await expect(authorizer({ type: 'TOKEN', authorizationToken: 'garbage', methodArn: ARN })).rejects.toThrow(/^Unauthorized$/);
  // Whatever was opened before it is seen then, too.
  await storeAt({ port: own.port }).read(sub, Deadline.after(5_000));
  expect(own.connections).toBe(1);
  await authorizer({ type: 'TOKEN', authorizationToken: header, methodArn: ARN });
  expect(own.connections).toBe(2);
  await own.stop();
});

test.each<[string, unknown]>([['false', false], ['nothing that is known', 'unknown']])('a user whose enabled is %s is not let in, and gets no new credential', async (_case, enabled) => {
  site.directory.put({ ...site.directory.user(sub)!, enabled: enabled as boolean });
  await expect(authorize()).rejects.toThrow(/^Unauthorized$/);
  expect(await claim()).toMatchObject({ statusCode: 403 });
  expect(site.log).toMatchObject([{ reason: 'disabled' }, { reason: 'disabled' }]);
});

test('nobody is told to be let in whom no answer could be made for', async () => {
  await expect(site.authorizer({ version: '1.0', type: 'REQUEST', headers: { authorization: header } })).rejects.toThrow(/^the credential could not be checked/);
  await expect(site.authorizer(undefined as never)).rejects.toThrow(/^the credential could not be checked/);
  expect(site.log).toMatchObject([{ level: 'ERROR', sub, outcome: 'unavailable' }, { level: 'ERROR', outcome: 'unavailable' }]);
});

test('a token of another app client than those that were named claims nothing', async () => {
  const named = await startCredentialSite(() => storeAt(), { clientIds: ['another'] });
  const request = { httpMethod: 'POST', requestContext: { authorizer: { claims: site.tokens.get(sub) } } };
  expect(await named.claim(request)).toMatchObject({ statusCode: 403 });
  await named.stop();
  expect(named.log).toMatchObject([{ outcome: 'refused', reason: 'token' }]);
});

test.each(['GET', 'PUT', 'OPTIONS', ''])('%j is no way to claim', async (method) => {
  expect(await claim(method)).toMatchObject({ statusCode: 405, headers: { allow: 'POST, DELETE' } });
});

test('a route without an authorizer in front of it gives nobody a credential, and says so in the log', async () => {
  expect(await site.claim({ httpMethod: 'POST', requestContext: {} }, context())).toMatchObject({ statusCode: 500, body: '{"message":"Internal Server Error"}' });
  expect(site.log).toMatchObject([{ level: 'ERROR', error: { name: 'ConfigurationError', message: expect.stringMatching(/^the request has no verified claims/) } }]);
});

test.each<[string, () => CredentialStore, string]>([
  ['a table without the column', () => storeAt({}, 'forgotten'), 'the users table has no column "forgotten", or the login lacks a privilege (42703): expected a column of type text, SELECT of it and of the key, UPDATE of it, and USAGE of the schema'],
  ['a login without the privileges', () => storeAt({ user: stranger, password: 'secret' }), 'the users table has no column "api_credential_hash", or the login lacks a privilege (42501): expected a column of type text, SELECT of it and of the key, UPDATE of it, and USAGE of the schema'],
  ['a configuration that is wrong', () => { throw new ConfigurationError('wrong'); }, 'wrong'],
])('%s is told in the log alone', async (_case, store, message) => {
  const wrong = await startCredentialSite(store);
  wrong.directory.put({ sub, username: sub, attributes: {} });
  wrong.tokens.set(sub, site.tokens.get(sub)!);
  await expect(wrong.authorizer({ type: 'REQUEST', methodArn: ARN, headers: { authorization: header } })).rejects.toThrow(/^the credential could not be checked/);
  expect(await wrong.claim({ httpMethod: 'POST', requestContext: { authorizer: { claims: wrong.tokens.get(sub) } } })).toMatchObject({ statusCode: 500, body: '{"message":"Internal Server Error"}' });
  await wrong.stop();
  expect(wrong.log.filter(({ outcome }) => outcome)).toMatchObject([{ error: { message } }, { error: { message } }]);
});
