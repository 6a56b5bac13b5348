import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { COLUMNS, KEY, row, storeAt, written } from './stores';
import { userServiceOf, type UserServiceOptions } from '../../../lambda-src/stores/user-service/user-service-options';
import { OWN_CERTIFICATES } from '../../../src/private/plan';
import { certificates } from '../../support/certificates';
import { startUserService, type UserService } from '../../support/user-service';

let service: UserService;
let folder: string;

beforeAll(async () => {
  service = await startUserService({ tls: true });
  folder = mkdtempSync(join(tmpdir(), 'user-service-'));
  mkdirSync(dirname(join(folder, OWN_CERTIFICATES)));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await service.stop();
});

const withOptions = (options: Partial<UserServiceOptions>) => userServiceOf({ userService: service.url, ...options }).store([KEY], COLUMNS);
const unverified = (code: string) => ({ name: 'UserStoreError', failure: 'misconfigured', code });

test('an authority of its own stands beside the function', async () => {
  writeFileSync(join(folder, OWN_CERTIFICATES), service.ca!);
  expect(await written(storeAt(service.url, { ownCertificates: true, code: folder }), [row('ada')])).toEqual(['written']);
});

test('is in the factory\'s options, and the host may have a name', async () => {
  expect(await written(withOptions({ ca: service.ca }), [row('bob')])).toEqual(['written']);
  expect(await written(withOptions({ ca: service.ca, userService: service.url.replace('127.0.0.1', 'localhost') }), [row('bob')])).toEqual(['written']);
});

test('nobody is trusted who is not verified, and learns of no user', async () => {
  const before = service.requests.length;
  expect(await written(withOptions({}), [row('eve')])).toEqual([unverified('UNABLE_TO_VERIFY_LEAF_SIGNATURE')]);
  expect(await written(withOptions({ ca: (await certificates()).wrongCa }), [row('eve')])).toEqual([unverified('UNABLE_TO_VERIFY_LEAF_SIGNATURE')]);
  expect(service.requests).toHaveLength(before);
});

test('fails where the authorities are missing beside the function', () => {
  expect(() => storeAt(service.url, { ownCertificates: true, code: join(folder, 'elsewhere') })).toThrow(/no certificate authorities/);
});

test('TLS where there is none is told', async () => {
  const plain = await startUserService();
  expect(await written(withOptions({ userService: plain.url.replace('http:', 'https:') }), [row('ada')])).toEqual([expect.objectContaining({ failure: 'misconfigured' })]);
  await plain.stop();
});

test.each<[string | undefined, RegExp]>([
  ['http://users.example.com/users', /^got an http: URL/],
  ['https://ada:canary@users.example.com/users', /user name or password/],
  ['https://users.example.com/users#canary', /fragment/],
  ['ftp://users.example.com', /^got no URL/],
  ['canary', /^got no URL/],
  ['', /^got no URL/],
  [undefined, /^got no URL/],
])('fails for %p, without showing it', (userService, message) => {
  const error = (() => {
    try {
      return userServiceOf({ userService });
    } catch (caught) {
      return caught as Error;
    }
  })() as Error;
  expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringMatching(message) });
  expect(error.message).not.toContain('canary');
});
