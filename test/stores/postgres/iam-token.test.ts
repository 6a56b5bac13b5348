import { DsqlSigner } from '@aws-sdk/dsql-signer';
import { Signer } from '@aws-sdk/rds-signer';
import fc from 'fast-check';
import { dsqlToken, iamToken } from '../../../lambda-src/stores/postgres/iam-token';

/** With the parameters in one order, since theirs means nothing: byte for byte, and as they are encoded. */
function sorted(token: string): string {
  const [host, query] = token.split('?');
  return `${host}?${query.split('&').sort().join('&')}`;
}

const connecting = fc.record({
  host: fc.domain(),
  port: fc.integer({ min: 1024, max: 65_535 }),
  user: fc.string({ minLength: 1, unit: fc.oneof(fc.constantFrom(...'!\'()*~-_. /?&=+%#@:;,"'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })) }).filter((name) => name.isWellFormed()),
  region: fc.constantFrom('us-east-1', 'eu-west-1', 'ap-southeast-2', 'us-gov-west-1', 'us-gov-east-1', 'cn-north-1', 'cn-northwest-1', 'eusc-de-east-1'),
  accessKeyId: fc.stringMatching(/^A[KS]IA[A-Z0-9]{16}$/),
  secretAccessKey: fc.base64String({ minLength: 8 }),
  sessionToken: fc.option(fc.base64String({ minLength: 8, maxLength: 600 }), { nil: undefined }),
  now: fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
});

type Connecting = typeof connecting extends fc.Arbitrary<infer Value> ? Value : never;

afterEach(() => jest.useRealTimers());

test.each<[string, (connection: Connecting) => string, (connection: Connecting) => Promise<string>]>([
  [
    'RDS',
    ({ host, port, region, user, ...credentials }) => iamToken(host, port, region, user, credentials),
    ({ host, port, region, user, ...credentials }) => new Signer({ hostname: host, port, username: user, region, credentials }).getAuthToken(),
  ],
  [
    'Aurora DSQL',
    ({ host, region, ...credentials }) => dsqlToken(host, region, credentials),
    ({ host, region, ...credentials }) => new DsqlSigner({ hostname: host, region, credentials }).getDbConnectAuthToken(),
  ],
])('the token for %s is the one that the AWS SDK signs', async (_service, ours, theirs) => {
  await fc.assert(fc.asyncProperty(connecting, async (connection) => {
    jest.useFakeTimers({ now: connection.now, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    expect(sorted(ours(connection))).toBe(sorted(await theirs(connection)));
    jest.useRealTimers();
  }), { numRuns: 200 });
});
