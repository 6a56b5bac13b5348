import { claimsOf, POOL } from './site';
import { type ApiRequest, tokenOwner } from '../../lambda-src/api-credentials/verified-claims';

const SUB = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const id = claimsOf(SUB, 'Google_1');
const access = { ...id, 'token_use': 'access', 'username': 'Google_1', 'cognito:username': undefined };

const shapes: Record<string, (claims: object) => ApiRequest> = {
  'a REST API, and payload format 1.0': (claims) => ({ requestContext: { authorizer: { claims: claims as never } } }),
  'payload format 2.0': (claims) => ({ requestContext: { authorizer: { jwt: { claims: claims as never } } } }),
};

describe.each(Object.entries(shapes))('of %s', (_name, request) => {
  test('an ID token and an access token tell whose they are', () => {
    for (const claims of [id, access]) expect(tokenOwner(request(claims), { userPoolId: POOL })).toEqual({ sub: SUB, username: 'Google_1' });
  });

  test('of several app clients, only those that were named are believed', () => {
    const accessOf = (client: string) => ({ ...access, aud: undefined, client_id: client });
    for (const claims of [id, accessOf('client')]) {
      expect(tokenOwner(request(claims), { userPoolId: POOL, clientIds: ['other', 'client'] })).toMatchObject({ sub: SUB });
      expect(tokenOwner(request(claims), { userPoolId: POOL, clientIds: ['other'] })).toBeUndefined();
    }
    // Neither claim speaks for the other, and none is no client.
    expect(tokenOwner(request({ ...id, aud: 'theirs', client_id: 'client' }), { userPoolId: POOL, clientIds: ['client'] })).toBeUndefined();
    expect(tokenOwner(request({ ...accessOf('theirs'), aud: 'client' }), { userPoolId: POOL, clientIds: ['client'] })).toBeUndefined();
    expect(tokenOwner(request({ ...id, aud: undefined }), { userPoolId: POOL, clientIds: [undefined as never] })).toBeUndefined();
  });

  test.each<[string, object]>([
    ['another pool', { ...id, iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Example02' }],
    ['a pool of that name at somebody else\'s', { ...id, iss: `https://cognito-idp.eu-west-1.amazonaws.com.example.com/${POOL}` }],
    ['nobody', { ...id, iss: undefined }],
    ['an app client without a user', { ...access, username: undefined }],
    ['a use that Cognito does not know', { ...id, token_use: 'constructor' }],
    ['a user without a username', { ...id, 'cognito:username': '' }],
    ['a sub that Cognito does not give', { ...id, sub: 'ADA' }],
    ['claims that are no texts', { ...id, sub: { toString: () => SUB } }],
  ])('a token of %s is nobody\'s', (_whose, claims) => {
    expect(tokenOwner(request(claims), { userPoolId: POOL })).toBeUndefined();
  });
});

test('pools in China and in the European Sovereign Cloud are their own issuers', () => {
  for (const [pool, domain] of [['cn-north-1_Example01', 'amazonaws.com.cn'], ['eusc-de-east-1_Example01', 'amazonaws.eu']]) {
    const iss = `https://cognito-idp.${pool.split('_')[0]}.${domain}/${pool}`;
    expect(tokenOwner({ requestContext: { authorizer: { claims: { ...id, iss } } } }, { userPoolId: pool })).toMatchObject({ sub: SUB });
  }
});

test.each<[string, ApiRequest]>([
  ['no request context', {}],
  ['no authorizer', { requestContext: {} }],
  ['the nulls of payload format 1.0', { requestContext: { authorizer: { claims: null } } }],
  ['a Lambda authorizer, which says anything', { requestContext: { authorizer: { lambda: id, principalId: SUB } as never } }],
])('with %s nobody is believed', (_case, request) => {
  expect(() => tokenOwner({ ...request, headers: { authorization: 'Bearer token' }, ...id } as never, { userPoolId: POOL })).toThrow('the request has no verified claims: expected a Cognito authorizer (REST) or a JWT authorizer (HTTP)');
});
