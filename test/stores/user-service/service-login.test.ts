import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AWS, COLUMNS, KEY, row, storeAt, written } from './stores';
import { Deadline } from '../../../lambda-src/deadline';
import { plannedLogin } from '../../../lambda-src/stores/user-service/service-login';
import { userServiceOf, type UserServiceOptions } from '../../../lambda-src/stores/user-service/user-service-options';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';
import { type ServiceRequest, startUserService, type UserService } from '../../support/user-service';
import { answers, redirects } from '../../support/user-service-misbehaviour';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-api-AbCdEf';
let service: UserService;
let secrets: SecretsManager;

beforeAll(async () => {
  secrets = await startSecretsManager();
});
afterAll(() => secrets.stop());
beforeEach(async () => {
  service = await startUserService();
  secrets.putSecret(ARN, 'first-key');
  service.accepts = ({ headers }) => headers['x-api-key'] === 'first-key';
});
afterEach(() => service.stop());

const aws = { ...AWS, endpointUrl: () => secrets.url };
const withSecret = (login = {}) => storeAt(service.url, { login: { secretArn: ARN, header: 'X-Api-Key', ...login }, aws });
const calls = async (work: () => Promise<unknown>) => {
  const before = secrets.calls;
  await work();
  return secrets.calls - before;
};

describe('a secret', () => {
  test('is sent in its header, and fetched once', async () => {
    const store = withSecret();
    expect(await calls(async () => {
      expect(await written(store, [row('ada'), row('bob')])).toEqual(['written', 'written']);
      expect(await written(store, [row('eve')])).toEqual(['written']);
    })).toBe(1);
  });

  test('is a bearer token where no header is named, and a line break at its end is none of it', async () => {
    secrets.putSecret(ARN, 'first-key\n');
    service.accepts = ({ headers }) => headers.authorization === 'Bearer first-key';
    expect(await written(withSecret({ header: undefined }), [row('ada')])).toEqual(['written']);
  });

  test('may be a field of JSON', async () => {
    secrets.putSecret(ARN, JSON.stringify({ apiKey: 'first-key' }));
    expect(await written(withSecret({ secretField: 'apiKey' }), [row('ada')])).toEqual(['written']);
  });

  test('that was rotated is fetched again, once for all, and the users are there', async () => {
    const store = withSecret();
    await written(store, [row('ada')]);
    secrets.putSecret(ARN, 'second-key');
    service.accepts = ({ headers }) => headers['x-api-key'] === 'second-key';
    expect(await calls(async () => {
      expect(await written(store, ['ada', 'bob', 'eve', 'zoe'].map((sub) => row(sub)))).toEqual(['written', 'written', 'written', 'written']);
    })).toBe(1);
  });

  test.each([401, 403])('that is rejected with %i again is a wrong configuration, after one more look', async (status) => {
    const store = withSecret();
    service.instead = answers(status);
    expect(await calls(async () => {
      expect(await written(store, [row('ada')])).toEqual([{ name: 'UserStoreError', failure: 'misconfigured', code: `HTTP ${status}` }]);
    })).toBe(2);
    expect(service.requests).toHaveLength(1);
  });

  test('is fetched again once for a whole batch, whatever the service refuses', async () => {
    const store = withSecret();
    service.instead = ({ request, response, take }) => void response.writeHead(request.path.includes('/eve') ? 403 : take().status).end();
    const refused = { name: 'UserStoreError', failure: 'misconfigured', code: 'HTTP 403' };
    expect(await calls(async () => {
      expect(await written(store, [row('ada'), ...Array.from({ length: 30 }, (_, index) => row(`eve-${index}`))])).toEqual(['written', ...Array(30).fill(refused)]);
    })).toBe(2);
  });

  test('that cannot be had now is fetched again for the next user', async () => {
    const store = withSecret();
    secrets.refusal = 'InternalServiceError';
    expect(await written(store, [row('ada')])).toEqual([expect.objectContaining({ failure: 'transient', code: 'InternalServiceError' })]);
    secrets.refusal = undefined;
    expect(await written(store, [row('ada')])).toEqual(['written']);
  });

  test('that takes too long ends with the deadline', async () => {
    secrets.delayMs = 200;
    expect(await written(withSecret(), [row('ada')], 50)).toEqual([expect.objectContaining({ failure: 'transient' })]);
    secrets.delayMs = 0;
    expect(service.requests).toEqual([]);
  });

  test.each([
    ['{"apiKey":"canary"}', {}, /is JSON/],
    ['{"apiKey":"canary"}', { secretField: 'key' }, /no field "key"/],
    ['{"apiKey":"canary"}', { secretField: 'constructor' }, /no field "constructor"/],
    ['{"apiKey":{"canary":1}}', { secretField: 'apiKey' }, /no field "apiKey" with a text/],
    ['canary', { secretField: 'key' }, /no field "key"/],
    ['canary\nx-evil: 1', {}, /characters that no header takes/],
    ['canary ü', {}, /characters that no header takes/],
    [' \n', {}, /empty/],
    [' \n', { header: undefined }, /empty/],
  ])('that is none is told without showing it: %p', async (secret, login, message) => {
    secrets.putSecret(ARN, secret);
    const [error] = await withSecret(login).write([row('ada')], Deadline.after(2_000)) as readonly unknown[] as readonly Error[];
    expect(error).toMatchObject({ name: 'ConfigurationError', failure: 'misconfigured', message: expect.stringMatching(message) });
    expect(error.message).not.toContain('canary');
    expect(service.requests).toEqual([]);
  });

  test('is never in an error of the service\'s', async () => {
    service.accepts = () => false;
    const [error] = await withSecret().write([row('ada')], Deadline.after(2_000)) as readonly unknown[] as readonly Error[];
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('first-key');
  });
});

test.each(['Content-Type', 'host', 'Idempotency-Key', 'a b', 'x:y', '', 'x\r\ny'])('fails for header %p, which the sync sends itself or nobody can', (header) => {
  expect(() => withSecret({ header })).toThrow(/for the login at the user service/);
});

describe('the factory', () => {
  const ofFactory = (login: UserServiceOptions['login']) => userServiceOf({ userService: service.url, key: KEY, login, mayBeUnencrypted: true }).store([KEY], COLUMNS);

  test('takes a token as it is, or a function that is asked again when it is rejected', async () => {
    expect(await written(ofFactory({ token: 'first-key', header: 'x-api-key' }), [row('ada')])).toEqual(['written']);
    const tokens = ['old-key', 'first-key'];
    expect(await written(ofFactory({ token: async () => tokens.shift()!, header: 'x-api-key' }), [row('ada')])).toEqual(['written']);
    expect(tokens).toEqual([]);
  });

  test('fails for a token that is not there', () => {
    expect(() => ofFactory({ token: undefined })).toThrow(/empty token/);
  });
});

describe('a signature', () => {
  /** As https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html has it, by hand. */
  function signatureOf({ method, path, headers, body }: ServiceRequest): string {
    const [, date, region, signedHeaders] = /Credential=AKIA\/(\d+)\/([\w-]+)\/execute-api\/aws4_request, SignedHeaders=([\w;-]+)/.exec(headers.authorization!)!;
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const [plain, query = ''] = path.split('?');
    const canonical = [
      method, plain.split('/').map(encodeURIComponent).join('/'), query,
      ...signedHeaders.split(';').map((name) => `${name}:${String(headers[name])}`), '', signedHeaders, sha256(body),
    ].join('\n');
    const scope = `${date}/${region}/execute-api/aws4_request`;
    const key = ['execute-api', 'aws4_request'].reduce(hmac, hmac(hmac('AWS4signing-secret', date), region));
    return hmac(key, ['AWS4-HMAC-SHA256', String(headers['x-amz-date']), scope, sha256(canonical)].join('\n')).toString('hex');
  }

  test('is of the role, over all that is sent, and of the Region it was given', async () => {
    service.accepts = () => true;
    const store = storeAt(`${service.url}?api=2`, { login: { signingRegion: 'eu-north-1' } });
    expect(await written(store, [row('USER#1/ü')])).toEqual(['written']);
    const [request] = service.requests;
    expect(request.headers['x-amz-security-token']).toBe('session');
    expect(request.headers.authorization).toMatch(/\/eu-north-1\/execute-api\/.*SignedHeaders=content-length;content-type;host;idempotency-key;x-amz-date;x-amz-security-token, /);
    expect(request.headers.authorization!.split('Signature=')[1]).toBe(signatureOf(request));
  });

  test('is another for the path that a redirect names', async () => {
    service.accepts = () => true;
    service.next.push(redirects(307, '/api/v1/users/moved'));
    expect(await written(storeAt(service.url, { login: { signingRegion: 'eu-west-1' } }), [row('ada')])).toEqual(['written']);
    for (const request of service.requests) expect(request.headers.authorization!.split('Signature=')[1]).toBe(signatureOf(request));
  });

  test('that the service refuses is a wrong configuration, and not repeated', async () => {
    service.accepts = () => false;
    expect(await written(storeAt(service.url, { login: { signingRegion: 'eu-west-1' } }), [row('ada')])).toEqual([{ name: 'UserStoreError', failure: 'misconfigured', code: 'HTTP 401' }]);
    expect(service.requests).toHaveLength(1);
  });
});

test('opening fetches the secret, and fails nobody', async () => {
  plannedLogin({ secretArn: 'none' }, aws).open!();
  const login = plannedLogin({ secretArn: ARN, header: 'X-Api-Key' }, aws);
  expect(await calls(async () => {
    const before = secrets.calls;
    login.open!();
    while (secrets.calls === before) await sleep(5);
    await login.headers({ method: 'PUT', path: '/', headers: {}, body: '' }, { url: new URL(service.url) });
  })).toBe(1);
});
