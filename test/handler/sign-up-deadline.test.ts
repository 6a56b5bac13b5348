import { SignUpDeadlines } from '../../lambda-src/delivery/sign-up-deadline';

const CONTEXT = { getRemainingTimeInMillis: () => 5_000 };

afterEach(() => {
  delete process.env.AWS_LAMBDA_INITIALIZATION_TYPE;
  jest.restoreAllMocks();
});

test.each([
  ['what is left of 4 seconds after a start of 300 ms', 0.3, 3_700],
  ['what is left after a start of 3 seconds', 3, 1_000],
  ['just enough for the queue after a start that took longer still', 9, 600],
])('the first event of a cold environment gets %s', (_case, upSeconds, millis) => {
  process.env.AWS_LAMBDA_INITIALIZATION_TYPE = 'on-demand';
  jest.spyOn(process, 'uptime').mockReturnValue(upSeconds);
  const deadlines = new SignUpDeadlines();
  expect(Math.round(deadlines.next(CONTEXT).remaining())).toBe(millis);
  expect(Math.round(deadlines.next(CONTEXT).remaining())).toBe(4_000);
});

test.each([['initialised in advance', 'provisioned-concurrency'], ['not Lambda\'s', undefined]])('an environment that is %s has all of it', (_case, type) => {
  if (type) process.env.AWS_LAMBDA_INITIALIZATION_TYPE = type;
  expect(Math.round(new SignUpDeadlines().next(CONTEXT).remaining() / 10)).toBe(400);
});

test('Lambda\'s own limit comes first where it is earlier', () => {
  expect(Math.round(new SignUpDeadlines().next({ getRemainingTimeInMillis: () => 2_000 }).remaining() / 10)).toBe(170);
});
