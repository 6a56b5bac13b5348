import { useDynamoDb } from './credential-tables';
import { startCredentialSite, type CredentialSite } from './site';
import { type ApiGateway, invoked, startApiGateway } from '../support/api-gateway';

const APP = 'https://app.example.com';
const table = useDynamoDb();
let site: CredentialSite;
let gateway: ApiGateway;

afterEach(async () => {
  await gateway.stop();
  await site.stop();
});

/** A REST API, which passes on what the function answers. */
async function start(allowOrigins?: readonly string[]): Promise<void> {
  site = await startCredentialSite(() => table.store(), { allowOrigins });
  const { tokens, claim, authorizer } = site;
  gateway = await startApiGateway({ kind: 'REST, REQUEST', cacheSeconds: 0, source: '', tokens, claim: invoked(claim), authorizer: invoked(authorizer) });
}

async function syncedUser(): Promise<string> {
  const sub = site.signUp();
  await table.addRow(sub);
  return sub;
}

/** Status, and the headers that a browser and a cache look at. */
async function ask(sub: string, origin: Readonly<Record<string, string>>, method = 'POST') {
  const { status, headers } = await fetch(`${gateway.url}/credential`, { method, headers: { authorization: `Bearer ${sub}`, ...origin } });
  return [status, headers.get('access-control-allow-origin'), headers.get('access-control-expose-headers'), headers.get('vary')];
}

test('pages of the origins that were named may read every answer, whatever it is', async () => {
  await start(['https://other.example.com', APP]);
  const sub = await syncedUser();
  const readable = [APP, 'retry-after', 'origin'];
  expect(await ask(sub, { Origin: APP })).toEqual([201, ...readable]);
  expect(await ask(sub, { origin: APP }, 'DELETE')).toEqual([204, ...readable]);
  expect(await ask(sub, { origin: APP }, 'PUT')).toEqual([405, ...readable]);
  expect(await ask(site.signUp(), { origin: APP })).toEqual([409, ...readable]);
  expect(await ask(site.signUp({ enabled: false }), { origin: APP })).toEqual([403, ...readable]);
  await site.directory.stop();
  expect(await ask(sub, { origin: APP })).toEqual([503, ...readable]);
});

test.each<[string, Record<string, string>]>([
  ['another origin', { origin: 'https://app.example.com.evil.example' }], ['another scheme', { origin: 'http://app.example.com' }], ['no origin', {}], ['a hidden one', { origin: 'null' }],
])('those of %s may not, and no cache mixes them up', async (_case, origin) => {
  await start([APP]);
  expect(await ask(await syncedUser(), origin)).toEqual([201, null, null, 'origin']);
});

test('* is for all of them', async () => {
  await start(['*']);
  expect(await ask(await syncedUser(), { origin: APP })).toEqual([201, '*', 'retry-after', null]);
});

test('nobody is let in unless somebody said so', async () => {
  await start();
  expect(await ask(await syncedUser(), { origin: APP })).toEqual([201, null, null, null]);
});

test.each([['https://app.example.com/'], ['https://app.example.com,https://other.example.com'], ['app.example.com']])('%s, which no browser sends, keeps browsers out, and nobody else', async (origin) => {
  await start([origin]);
  expect(await ask(await syncedUser(), { origin: APP })).toEqual([201, null, null, null]);
  expect(site.log[0]).toMatchObject({ level: 'ERROR', message: 'the configuration is wrong: no page of another origin can claim', error: { message: expect.stringContaining(`got "${origin}" in allowOrigins`) } });
});

test('what is no request at all is answered, too', async () => {
  await start([APP]);
  expect(await site.claim(null as never)).toMatchObject({ statusCode: 500, headers: { vary: 'origin' } });
});
