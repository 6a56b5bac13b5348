import { join } from 'node:path';
import { startLambdaFunction, type LambdaFunction } from '../support/lambda-function';
import { startUserPoolService, type UserPoolService } from '../support/user-pool';
import { fullPool } from '../support/user-pool-configuration';

const POOL = 'eu-west-1_AbCdEfGhI';
const OURS = 'arn:aws:lambda:eu-west-1:111122223333:function:ours';
const FOREIGN = 'arn:aws:lambda:eu-west-1:111122223333:function:foreign';

let cognito: UserPoolService;
let guard: LambdaFunction;

beforeAll(async () => {
  cognito = await startUserPoolService(POOL, fullPool(POOL));
  const environment = { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url };
  guard = await startLambdaFunction({ name: 'guard', folder: join(__dirname, '..', '..', 'assets', 'guard'), environment });
});
afterAll(async () => {
  await guard.stop();
  await cognito.stop();
});

async function look(postConfirmation: string | undefined) {
  if (cognito.pool) cognito.pool.LambdaConfig.PostConfirmation = postConfirmation;
  const { functionError, payload, log } = await guard.invoke({ userPoolId: POOL, functionArn: OURS });
  return { functionError, payload, lines: log.map((line) => JSON.parse(line)) };
}

test.each([
  ['is there', OURS, 'INFO', 0, /^the user pool calls the trigger function$/],
  ['is missing', undefined, 'ERROR', 1, /calls no function after confirmation/],
  ['is another', FOREIGN, 'ERROR', 1, /calls another function after confirmation \(arn:aws:lambda:eu-west-1:111122223333:function:foreign\)/],
])('a trigger that %s is told in one line, and counted', async (_, postConfirmation, level, triggerLost, message) => {
  const { functionError, lines } = await look(postConfirmation);
  expect(functionError).toBeUndefined();
  expect(lines).toEqual([expect.objectContaining({ level, message: expect.stringMatching(message), userPoolId: POOL, triggerLost, FunctionName: 'guard' })]);
  expect(lines[0]._aws.CloudWatchMetrics).toEqual([{ Namespace: 'CognitoUserSync', Dimensions: [['FunctionName']], Metrics: [{ Name: 'triggerLost', Unit: 'Count' }] }]);
});

test('a setting that is not known does not keep it from looking', async () => {
  cognito.pool!.FutureSetting = 1;
  expect(await look(OURS)).toMatchObject({ functionError: undefined });
});

test('it changes nothing', () => {
  expect(cognito.calls.map(({ action }) => action)).not.toContain('UpdateUserPool');
});

test('fails where it cannot look, so that Lambda counts an error', async () => {
  cognito.pool = undefined;
  const { functionError, payload, lines } = await look(OURS);
  expect(functionError).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'UserPoolError', errorMessage: expect.stringMatching(/ResourceNotFoundException to DescribeUserPool/) });
  expect(lines).toEqual([]);
});
