import { Signer } from '@aws-sdk/rds-signer';
import fc from 'fast-check';
import { iamToken } from '../../../lambda-src/stores/postgres/iam-token';

/** Both as a list of parameters, since their order means nothing. */
function parts(token: string) {
  const url = new URL(`https://${token}`);
  return { host: url.host, path: url.pathname, parameters: [...url.searchParams].sort() };
}

test('the token is the one that the AWS SDK signs', async () => {
  await fc.assert(fc.asyncProperty(
    fc.record({
      host: fc.domain(),
      port: fc.integer({ min: 1024, max: 65_535 }),
      user: fc.string({ minLength: 1 }).filter((name) => name.isWellFormed()),
      region: fc.constantFrom('eu-west-1', 'us-gov-west-1', 'cn-north-1'),
      secretAccessKey: fc.base64String({ minLength: 8 }),
      sessionToken: fc.option(fc.base64String({ minLength: 8 }), { nil: undefined }),
      now: fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
    }),
    async ({ host, port, user, region, now, ...keys }) => {
      jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
      const credentials = { accessKeyId: 'AKIDEXAMPLE', ...keys };
      const expected = await new Signer({ hostname: host, port, username: user, region, credentials }).getAuthToken();
      expect(parts(iamToken(host, port, region, user, credentials))).toEqual(parts(expected));
      jest.useRealTimers();
    },
  ), { numRuns: 100 });
});
