import { createHash } from 'node:crypto';
import { useDynamoDb, usePostgres } from './credential-tables';
import { basic, startCredentialSite, type CredentialSite } from './site';
import { startApiGateway, invoked, type ApiGateway } from '../support/api-gateway';
import { API_KINDS } from '../support/api-gateway-events';
import { startHttpServer, type HttpServer } from '../support/http-server';

const MINUTE = 60;
const CACHE_SECONDS = 5 * MINUTE;

/** As the sample of the proxy integration: it returns fake users, and tells who it was told calls. */
let source: HttpServer;
let reached: string[];
beforeAll(async () => {
  source = await startHttpServer(async (request) => {
    reached.push(`${request.method} ${request.url}`);
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ caller: request.headers['x-user'], users: [{ name: 'Ada Lovelace' }] }) };
  });
});
afterAll(() => source.stop());
beforeEach(() => { reached = []; });

describe.each([['PostgreSQL', usePostgres], ['DynamoDB', useDynamoDb]] as const)('with a table in %s', (_name, useTable) => {
  const table = useTable();

  describe.each(API_KINDS)('behind API Gateway (%s)', (kind) => {
    let site: CredentialSite;
    let gateway: ApiGateway;
    beforeAll(async () => {
      site = await startCredentialSite(() => table.store(), { responses: kind === 'HTTP, 2.0, simple' ? 'simple' : 'policy' });
      const { tokens, claim: claimFunction, authorizer } = site;
      gateway = await startApiGateway({ kind, cacheSeconds: CACHE_SECONDS, source: source.url, tokens, claim: invoked(claimFunction), authorizer: invoked(authorizer) });
    });
    afterAll(async () => {
      await gateway.stop();
      await site.stop();
    });
    const refusal = kind.startsWith('REST') ? 401 : 403;

    async function syncedUser(user = {}): Promise<string> {
      const sub = site.signUp(user);
      await table.addRow(sub);
      return sub;
    }

    test('what was claimed is let in, to every path, and the source server is told who calls', async () => {
      const sub = await syncedUser();
      const claimed = await claim(gateway, sub);
      expect(claimed).toMatchObject({ status: 201, cacheControl: 'no-store', body: { username: sub, password: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) } });
      const header = basic(sub, claimed.body.password);
      const asked = gateway.asked;
      expect(await call(gateway, '/users', header)).toEqual({ status: 200, body: { caller: sub, users: [{ name: 'Ada Lovelace' }] } });
      expect(await call(gateway, '/orders/7', header, 'DELETE')).toMatchObject({ status: 200, body: { caller: sub } });
      expect(reached).toEqual(['GET /users', 'DELETE /orders/7']);
      expect(gateway.asked - asked).toBe(1);
    });

    test('claiming again rotates: the old one is refused once API Gateway has forgotten it', async () => {
      const sub = await syncedUser();
      const first = basic(sub, (await claim(gateway, sub)).body.password);
      expect((await call(gateway, '/users', first)).status).toBe(200);
      const second = basic(sub, (await claim(gateway, sub)).body.password);
      expect((await call(gateway, '/users', second)).status).toBe(200);
      expect((await call(gateway, '/users', first)).status).toBe(200);
      gateway.passSeconds(CACHE_SECONDS);
      expect((await call(gateway, '/users', first)).status).toBe(refusal);
      expect((await call(gateway, '/users', second)).status).toBe(200);
    });

    test.each<[string, (sub: string) => unknown]>([
      ['revoked', async (sub) => expect(await fetchStatus(gateway, '/credential', `Bearer ${sub}`, 'DELETE')).toBe(204)],
      ['of a user who is disabled', (sub) => site.directory.put({ ...site.directory.user(sub)!, enabled: false })],
      ['of a user who is deleted from the pool', (sub) => site.directory.delete(sub)],
      ['of a user whose row is deleted', (sub) => table.deleteRow(sub)],
    ])('a credential %s is refused, at the latest when the cache is over', async (_how, end) => {
      const sub = await syncedUser();
      const header = basic(sub, (await claim(gateway, sub)).body.password);
      expect((await call(gateway, '/users', header)).status).toBe(200);
      await end(sub);
      gateway.passSeconds(CACHE_SECONDS);
      expect((await call(gateway, '/users', header)).status).toBe(refusal);
      expect(reached).toHaveLength(1);
    });

    test('a user of another identity provider has one, too, whom AdminGetUser knows by username alone', async () => {
      const username = `Google_${Math.random()}`;
      const sub = await syncedUser({ username, attributes: { identities: '[{"providerName":"Google","userId":"1"}]' } });
      const header = basic(sub, (await claim(gateway, sub)).body.password);
      expect((await call(gateway, '/users', header)).status).toBe(200);
      site.directory.put({ ...site.directory.user(sub)!, enabled: false });
      gateway.passSeconds(CACHE_SECONDS);
      expect((await call(gateway, '/users', header)).status).toBe(refusal);
    });

    test('a credential is its user\'s alone, although somebody else has their username now', async () => {
      const user = { username: `Google_${Math.random()}`, attributes: { identities: '[{"providerName":"Google","userId":"1"}]' } };
      const sub = await syncedUser(user);
      const header = basic(sub, (await claim(gateway, sub)).body.password);
      site.directory.delete(sub);
      await syncedUser(user);
      expect((await call(gateway, '/users', header)).status).toBe(refusal);
      expect(site.log.at(-1)).toMatchObject({ sub, outcome: 'refused', reason: 'gone' });
    });

    test('whoever signs up with somebody\'s sub as username ends nobody\'s credential', async () => {
      const sub = await syncedUser({ username: `ada-${Math.random()}` });
      const header = basic(sub, (await claim(gateway, sub)).body.password);
      site.signUp({ username: sub });
      expect((await call(gateway, '/users', header)).status).toBe(200);
      expect((await claim(gateway, sub)).status).toBe(201);
    });

    test('whatever is no credential is refused without a hint, and asks Cognito nothing', async () => {
      const sub = await syncedUser();
      const { password } = (await claim(gateway, sub)).body;
      const before = site.directory.calls.AdminGetUser;
      const bodies = new Set<string>();
      for (const header of [
        'Basic', 'Basic ', `Basic ${'A'.repeat(6_000)}`, 'Bearer token', basic(sub, ''), basic(sub, password.slice(1)), basic(sub, `${password.slice(0, -1)}${password.endsWith('A') ? 'E' : 'A'}`),
        basic(sub.toUpperCase(), password), basic('00000000-0000-4000-8000-000000000000', password), `${basic(sub, password)}, ${basic(sub, password)}`,
      ]) {
        const { status, body } = await call(gateway, '/users', header);
        expect(status).toBe(refusal);
        bodies.add(JSON.stringify(body));
      }
      expect(bodies.size).toBe(1);
      expect(await fetchStatus(gateway, '/users')).toBe(401);
      expect(site.directory.calls.AdminGetUser).toBe(before);
      expect(reached).toEqual([]);
    });

    test('a user without a row is told to come again, and gets none', async () => {
      const sub = site.signUp();
      expect(await claim(gateway, sub)).toMatchObject({ status: 409, retryAfter: '5' });
      expect(await table.row(sub)).toBeUndefined();
      expect(await fetchStatus(gateway, '/credential', `Bearer ${sub}`, 'DELETE')).toBe(204);
      expect(await table.row(sub)).toBeUndefined();
    });

    test.each<[string, (sub: string) => unknown]>([
      ['is disabled', (sub) => site.directory.put({ ...site.directory.user(sub)!, enabled: false })],
      ['was deleted', (sub) => site.directory.delete(sub)],
      ['was deleted, and somebody else has the name', (sub) => {
        site.directory.delete(sub);
        site.directory.put({ sub: 'ffffffff-0000-4000-8000-000000000000', username: sub, attributes: {} });
      }],
    ])('who %s gets no new one, although the token is valid', async (_how, end) => {
      const sub = await syncedUser();
      await end(sub);
      expect(await claim(gateway, sub)).toMatchObject({ status: 403, body: { message: 'Forbidden' } });
      expect((await table.row(sub))!.api_credential_hash ?? null).toBeNull();
    });

    test('nothing but its hash and the username is kept, in the one column', async () => {
      const sub = await syncedUser();
      const before = (await table.row(sub))!;
      const { password } = (await claim(gateway, sub)).body;
      const after = (await table.row(sub))!;
      expect(after).toEqual({ ...before, api_credential_hash: `sha256:${createHash('sha256').update(password).digest('base64url')}:${sub}` });
      expect(JSON.stringify(after)).not.toContain(password);
      await fetchStatus(gateway, '/credential', `Bearer ${sub}`, 'DELETE');
      expect({ api_credential_hash: null, ...(await table.row(sub))! }).toEqual({ api_credential_hash: null, ...before });
    });

    test('no line of the log has ever held a secret or its hash', async () => {
      const sub = await syncedUser();
      const { password } = (await claim(gateway, sub)).body;
      const { api_credential_hash: hash } = (await table.row(sub))!;
      await call(gateway, '/users', basic(sub, password));
      const log = JSON.stringify(site.log);
      for (const secret of [password, String(hash), basic(sub, password).slice(6), '@example.com']) expect(log).not.toContain(secret);
      expect(site.log.filter((line) => line.sub === sub)).toMatchObject([{ level: 'INFO', outcome: 'claimed', milliseconds: expect.any(Number) }, { level: 'INFO', outcome: 'authorized', authorized: 1 }]);
    });
  });
});

async function claim(gateway: ApiGateway, sub: string) {
  const answer = await fetch(`${gateway.url}/credential`, { method: 'POST', headers: { authorization: `Bearer ${sub}` } });
  return { status: answer.status, cacheControl: answer.headers.get('cache-control'), retryAfter: answer.headers.get('retry-after'), body: await answer.json() as any };
}

async function call(gateway: ApiGateway, path: string, authorization: string, method = 'GET') {
  const answer = await fetch(gateway.url + path, { method, headers: { authorization } });
  return { status: answer.status, body: await answer.json() as any };
}

async function fetchStatus(gateway: ApiGateway, path: string, authorization?: string, method = 'GET'): Promise<number> {
  const answer = await fetch(gateway.url + path, { method, headers: authorization ? { authorization } : {} });
  await answer.text();
  return answer.status;
}
