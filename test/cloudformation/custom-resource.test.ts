import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationError } from '../../lambda-src/cloudformation/cloudformation-error';
import { customResource, type CustomResourceOutcome } from '../../lambda-src/cloudformation/custom-resource';
import type { CustomResourceRequest } from '../../lambda-src/cloudformation/request';
import { unlessRollingBack } from '../../lambda-src/cloudformation/rollback';
import { isRollingBack } from '../../lambda-src/cloudformation/stack-status';
import { LOGICAL_ID, RESPONSE_SECRET, STACK_ID, startCloudFormation, type CloudFormation } from '../support/cloudformation';

let cloudFormation: CloudFormation;
const logged: string[] = [];

beforeAll(async () => {
  cloudFormation = await startCloudFormation();
  Object.assign(process.env, { AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url, AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' });
});
afterAll(() => cloudFormation.stop());

beforeEach(() => {
  logged.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => logged.push(String(text)) > 0);
  cloudFormation.stackStatus = 'UPDATE_IN_PROGRESS';
  cloudFormation.deaf = 0;
});
afterEach(() => jest.restoreAllMocks());

type Handle = (request: CustomResourceRequest) => Promise<CustomResourceOutcome>;

const CREATE = { RequestType: 'Create', ResourceProperties: { Name: 'value' } } as const;
const UPDATE = { RequestType: 'Update', PhysicalResourceId: 'before', ResourceProperties: {}, OldResourceProperties: { Name: 'old' } } as const;
const DELETE = { RequestType: 'Delete', PhysicalResourceId: 'before', ResourceProperties: {} } as const;

/** The handler in this process, with that much time. */
function functionThat(handle: Handle, timeoutMs = 5_000) {
  const handler = customResource(handle);
  return {
    name: 'resource',
    async invoke(event: any): Promise<any> {
      const end = performance.now() + timeoutMs;
      const context = { awsRequestId: 'request', logGroupName: 'group', logStreamName: 'stream', getRemainingTimeInMillis: () => end - performance.now() };
      const payload = await handler(event, context);
      return { event, payload, elapsedMs: timeoutMs - context.getRemainingTimeInMillis() };
    },
  };
}

test('the handler may be run by Node.js 24 of Lambda, which takes two parameters at most', () => {
  expect(customResource(async () => ({ physicalResourceId: 'id' }))).toHaveLength(2);
});

test('the request is told in our words, and what came of it to CloudFormation', async () => {
  const requests: CustomResourceRequest[] = [];
  const fn = functionThat(async (request) => {
    requests.push(request);
    return { physicalResourceId: 'made', data: { Key: 'value' } };
  });
  const answer = await cloudFormation.send(fn, CREATE);
  await cloudFormation.send(fn, { ...UPDATE, PhysicalResourceId: 'made' });
  await cloudFormation.send(fn, { ...DELETE, PhysicalResourceId: 'made' });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'made', Data: { Key: 'value' } });
  const common = { stackId: STACK_ID, logicalResourceId: LOGICAL_ID, requestId: expect.any(String), deadline: expect.anything() };
  expect(requests).toEqual([
    { ...common, requestType: 'Create', physicalResourceId: undefined, properties: { Name: 'value' }, oldProperties: undefined },
    { ...common, requestType: 'Update', physicalResourceId: 'made', properties: {}, oldProperties: { Name: 'old' } },
    { ...common, requestType: 'Delete', physicalResourceId: 'made', properties: {}, oldProperties: undefined },
  ]);
});

test('our own error is the reason; the resource keeps its id', async () => {
  const fn = functionThat(async () => {
    throw new CloudFormationError('misconfigured', 'got a, expected b: do c');
  });
  expect(await cloudFormation.send(fn, UPDATE)).toMatchObject({ Status: 'FAILED', Reason: 'got a, expected b: do c (log stream stream of log group group)', PhysicalResourceId: 'before' });
  expect(await cloudFormation.send(fn, CREATE)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: expect.stringMatching(/./) });
  expect(logged.join('')).toContain('got a, expected b: do c');
});

test('of a foreign error neither CloudFormation nor the log gets to read more than its name', async () => {
  const answer = await cloudFormation.send(functionThat(() => {
    throw new RangeError('a secret');
  }), CREATE);
  expect(answer.Reason).toBe('unexpected RangeError: look into the log (log stream stream of log group group)');
  expect(logged.join('')).toContain('RangeError');
  expect(JSON.stringify([answer, logged])).not.toContain('a secret');
});

test.each([
  ['plain text', 'x'.repeat(100_000)],
  ['text that JSON makes longer', '"\u0001ü🙂'.repeat(5_000)],
])('a reason of %s is cut to what CloudFormation takes, and says where the rest is', async (_, message) => {
  const answer = await cloudFormation.send(functionThat(async () => {
    throw new CloudFormationError('misconfigured', message);
  }), { ...UPDATE, PhysicalResourceId: 'i'.repeat(1_024) });
  expect(answer.bytes).toBeGreaterThan(3_800);
  expect(answer.Reason).toMatch(/… \(log stream stream of log group group\)$/);
});

test('an answer that does not arrive is given again', async () => {
  cloudFormation.deaf = 3;
  expect(await cloudFormation.send(functionThat(async () => ({ physicalResourceId: 'made' })), CREATE)).toMatchObject({ Status: 'SUCCESS' });
});

test('where no answer arrives, Lambda is to try again, and learns no URL', async () => {
  cloudFormation.deaf = Infinity;
  const outcome = cloudFormation.send(functionThat(async () => ({ physicalResourceId: 'made' })), CREATE);
  await expect(outcome).rejects.toMatchObject({ name: 'CloudFormationError', message: expect.stringMatching(/^CloudFormation could not be answered \(503\)/), code: '503' });
  await expect(outcome).rejects.not.toMatchObject({ message: expect.stringContaining(RESPONSE_SECRET) });
});

test.each([[undefined, 'no URL'], [`http://127.0.0.1:1/?${RESPONSE_SECRET}`, 'ECONNREFUSED']])('a ResponseURL that leads nowhere (%#) is told without it', async (ResponseURL, code) => {
  const error = await functionThat(async () => ({ physicalResourceId: 'made' }), 1_500).invoke({ ...CREATE, ResponseURL }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'CloudFormationError', code });
  expect(JSON.stringify({ ...(error as object), text: String((error as Error).stack) })).not.toContain(RESPONSE_SECRET);
});

test('CloudFormation is answered before the time of the function is up', async () => {
  const answer = await cloudFormation.send(functionThat(async () => sleep(60_000, { physicalResourceId: 'late' }, { ref: false }), 2_000), CREATE);
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^not done within 2 seconds/) });
  expect(answer.invocation.elapsedMs).toBeLessThan(1_500);
});

test('whoever handles the request knows when to end, and can say what took so long', async () => {
  const answer = await cloudFormation.send(functionThat(async ({ deadline }) => {
    await sleep(deadline.remaining());
    throw new CloudFormationError('transient', 'the thing was slow');
  }, 2_000), CREATE);
  expect(answer.Reason).toMatch(/^the thing was slow/);
});

test('no line of the log has the ResponseURL', async () => {
  const fn = functionThat(async () => {
    throw new Error('broken');
  });
  await cloudFormation.send(fn, CREATE);
  expect(logged.join('')).toContain('Create of UserSyncResource failed');
  expect(logged.join('')).not.toContain(RESPONSE_SECRET);
});

describe('whether the stack goes back', () => {
  test.each(['ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'IMPORT_ROLLBACK_IN_PROGRESS'])('%s: it does', async (status) => {
    cloudFormation.stackStatus = status;
    expect(await isRollingBack(STACK_ID)).toBe(true);
  });

  test.each(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS', 'DELETE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'])('%s: it does not', async (status) => {
    cloudFormation.stackStatus = status;
    expect(await isRollingBack(STACK_ID)).toBe(false);
  });

  test('is an error where CloudFormation refuses to tell', async () => {
    cloudFormation.stackStatus = undefined;
    await expect(isRollingBack(STACK_ID)).rejects.toMatchObject({ name: 'CloudFormationError', code: 'AccessDenied', message: expect.stringContaining('cloudformation:DescribeStacks') });
  });
});

describe('nothing is in the way of a rollback', () => {
  const fails = functionThat(async (request) => {
    await unlessRollingBack(request, async () => {
      throw new CloudFormationError('misconfigured', 'broken');
    });
    return { physicalResourceId: request.physicalResourceId ?? 'made' };
  });

  test.each([
    ['an Update', UPDATE, 'UPDATE_ROLLBACK_IN_PROGRESS', 'SUCCESS'],
    ['a Delete, which must not lose what it needs', DELETE, 'ROLLBACK_IN_PROGRESS', 'FAILED'],
    ['an Update of a stack whose status is not told', UPDATE, undefined, 'SUCCESS'],
    ['an Update that goes forwards', UPDATE, 'UPDATE_IN_PROGRESS', 'FAILED'],
    ['a Delete of the stack itself', DELETE, 'DELETE_IN_PROGRESS', 'FAILED'],
    ['a Create', CREATE, undefined, 'FAILED'],
  ] as const)('%s that fails', async (_, request, status, expected) => {
    cloudFormation.stackStatus = status;
    expect(await cloudFormation.send(fails, request)).toMatchObject({ Status: expected });
    expect(logged.join('')).toContain('broken');
  });

  test('what succeeds asks nobody', async () => {
    const before = cloudFormation.questions;
    await cloudFormation.send(functionThat(async (request) => {
      await unlessRollingBack(request, async () => undefined);
      return { physicalResourceId: 'made' };
    }), UPDATE);
    expect(cloudFormation.questions).toBe(before);
  });
});
