import { requestDeadline } from '../../lambda-src/api-credentials/credential-steps';

test.each([
  ['without a context', undefined, 8_000],
  ['with much time left, since API Gateway waits 10 seconds for an authorizer', 60_000, 8_000],
  ['with little time left, since the answer takes some', 3_000, 2_500],
])('a request ends before API Gateway gives up on it, %s', (_case, left, most) => {
  const remaining = requestDeadline(left === undefined ? undefined : { getRemainingTimeInMillis: () => left }).remaining();
  expect(remaining).toBeLessThanOrEqual(most);
  expect(remaining).toBeGreaterThan(most - 500);
});
