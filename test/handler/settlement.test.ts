import { failed } from '../../lambda-src/delivery/settlement';
import { UserStoreError } from '../../lambda-src/errors';
import { readAnswer, wireResult } from '../../lambda-src/stores/relay/wire';

const record = { messageId: 'message', receiptHandle: 'handle', body: '', attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) } };
const returned = (error: unknown) => failed({ records: [record], record }, error);

test.each([[undefined, 3.75, 5], [0, 3.75, 5], [120, 120, 120], [86_400, 900, 900]])('a store that asks to be left alone for %p seconds gets the message again after %d to %d', (retryAfterSeconds, least, most) => {
  const { seconds, outcome } = returned(new UserStoreError('transient', 'busy', { retryAfterSeconds }));
  expect(outcome).toBe('returned');
  expect(seconds).toBeGreaterThanOrEqual(least);
  expect(seconds).toBeLessThanOrEqual(most);
});

test('and so through the writer function', () => {
  const told = { results: [wireResult(new UserStoreError('transient', 'busy', { code: 'HTTP 429', retryAfterSeconds: 60 }))] };
  const [error] = readAnswer(JSON.stringify(told), 1) as readonly unknown[];
  expect(error).toMatchObject({ code: 'HTTP 429', retryAfterSeconds: 60 });
  expect(returned(error).seconds).toBe(60);
});
