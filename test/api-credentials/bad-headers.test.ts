import { badHeaders } from './bad-headers';
import { usePostgres } from './credential-tables';
import { basic, startCredentialSite, type CredentialSite } from './site';
import type { AuthorizerEvent } from '../../lambda-src/api-credentials/authorizer-event';
import type { CredentialStore } from '../../lambda-src/api-credentials/credential-store';
import { Random } from '../../storm/random';

const HEADERS = 100_000;
const table = usePostgres();
let site: CredentialSite;
let reads = 0;
let outcomes: Record<string, number> = {};

beforeAll(async () => {
  const counting = (store: CredentialStore): CredentialStore => ({ ...store, read: async (...parameters) => { reads += 1; return store.read(...parameters); } });
  site = await startCredentialSite(() => counting(table.store()), { log: ({ outcome, reason }) => { outcomes[`${outcome} ${reason}`] = (outcomes[`${outcome} ${reason}`] ?? 0) + 1; } });
});
afterAll(() => site.stop());

const ARN = 'arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/prod/GET/users';
const SHAPES: ReadonlyArray<(header: string) => AuthorizerEvent> = [
  (header) => ({ type: 'TOKEN', authorizationToken: header, methodArn: ARN }),
  (header) => ({ type: 'REQUEST', methodArn: ARN, headers: { Authorization: header }, multiValueHeaders: { Authorization: [header] } }),
  (header) => ({ version: '1.0', type: 'REQUEST', methodArn: ARN, headers: { authorization: header }, multiValueHeaders: { authorization: [header] } }),
  (header) => ({ version: '2.0', type: 'REQUEST', routeArn: ARN, headers: { authorization: header } }),
];

test('of 100,000 bad headers none is let in, none is an error, and few come as far as the table', async () => {
  const sub = site.signUp();
  await table.addRow(sub);
  const { body } = await site.claim({ httpMethod: 'POST', requestContext: { authorizer: { claims: site.tokens.get(sub) } } });
  const { password } = JSON.parse(body);
  const asked = site.directory.calls.AdminGetUser;
  outcomes = {};
  const seed = Math.floor(Math.random() * 2 ** 32);
  const next = badHeaders(sub, password, new Random(seed));

  for (let index = 0; index < HEADERS; index++) {
    const header = next();
    const answer = await site.authorizer(SHAPES[index % SHAPES.length](header)).catch((error: Error) => error.message);
    const isRefused = answer === 'Unauthorized' || (answer as { isAuthorized?: boolean }).isAuthorized === false
      || (answer as any).policyDocument?.Statement[0].Effect === 'Deny';
    if (!isRefused) throw new Error(`seed ${seed}: got ${JSON.stringify(answer)} for ${JSON.stringify(header)}, expected it to be refused`);
  }

  expect(outcomes).toEqual({ 'refused malformed': expect.any(Number), 'refused unknown': reads });
  expect(outcomes['refused malformed'] + reads).toBe(HEADERS);
  expect(reads).toBeGreaterThan(HEADERS / 100);
  expect(reads).toBeLessThan(HEADERS / 20);
  expect(site.directory.calls.AdminGetUser).toBe(asked);
  // What it was all derived from is good, in every shape.
  for (const shape of SHAPES) expect(JSON.stringify(await site.authorizer(shape(basic(sub, password))))).toMatch(/"Allow"|"isAuthorized":true/);
}, 60_000);
