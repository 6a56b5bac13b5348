import { join } from 'node:path';
import { startCloudFormation, type CloudFormation } from '../support/cloudformation';
import { startHttpServer, type HttpServer } from '../support/http-server';
import { startLambdaFunction, type LambdaFunction } from '../support/lambda-function';
import { startUserPoolService, type UserPoolService } from '../support/user-pool';
import { fullPool, SETTING_NAMES, type PoolDescription } from '../support/user-pool-configuration';

const POOL = 'eu-west-1_AbCdEfGhI';
const OTHER_POOL = 'eu-west-1_ZyXwVuTsR';
const OURS = 'arn:aws:lambda:eu-west-1:111122223333:function:ours';
const NEW = 'arn:aws:lambda:eu-west-1:111122223333:function:new';
const FOREIGN = 'arn:aws:lambda:eu-west-1:111122223333:function:foreign';

let cloudFormation: CloudFormation;
let cognito: UserPoolService;
/** Lambda's GetPolicy, and nothing else of it. */
let lambda: HttpServer;
/** Who may call the function, by the ids of their statements; undefined where Lambda does not tell. */
let callers: readonly string[] | undefined;
let attachment: LambdaFunction;
let untouched: PoolDescription;

beforeAll(async () => {
  cloudFormation = await startCloudFormation();
  lambda = await startHttpServer(async ({ method, url }) => {
    if (callers === undefined) return { status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' };
    if (method !== 'GET' || url !== `/2015-03-31/functions/${encodeURIComponent(OURS)}/policy`) return { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{}' };
    const Condition = { ArnLike: { 'AWS:SourceArn': `arn:aws:cognito-idp:eu-west-1:111122223333:userpool/${POOL}` } };
    return { status: 200, body: JSON.stringify({ Policy: JSON.stringify({ Statement: callers.map((Sid) => ({ Sid, Principal: { Service: 'cognito-idp.amazonaws.com' }, Condition })) }) }) };
  });
});
afterAll(async () => {
  await cloudFormation.stop();
  await lambda.stop();
});

beforeEach(() => {
  cloudFormation.stackStatus = 'UPDATE_IN_PROGRESS';
  callers = ['UserSyncPoolInvokesTrigger'];
});
afterEach(async () => {
  await attachment.stop();
  await cognito.stop();
});

/** A pool in which every field has a value, and the deployed function in front of it. */
async function start(postConfirmation?: string, pool = fullPool(POOL), timeoutMs = 8_000): Promise<void> {
  pool.LambdaConfig.PostConfirmation = postConfirmation;
  cognito = await startUserPoolService(POOL, pool);
  untouched = structuredClone(pool);
  attachment = await startLambdaFunction({
    name: 'attachment',
    folder: join(__dirname, '..', '..', 'assets', 'attachment'),
    timeoutMs,
    environment: { AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url, AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito.url, AWS_ENDPOINT_URL_LAMBDA: lambda.url },
  });
}

const properties = (FunctionArn: string, UserPoolId = POOL) => ({ ServiceToken: 'arn', UserPoolId, FunctionArn });
const create = (fn = OURS) => cloudFormation.send(attachment, { RequestType: 'Create', ResourceProperties: properties(fn) });
const update = (fn: string, old: string, oldPool = POOL) => cloudFormation.send(attachment, {
  RequestType: 'Update', PhysicalResourceId: oldPool, ResourceProperties: properties(fn), OldResourceProperties: properties(old, oldPool),
});
const remove = (fn = OURS, id = POOL) => cloudFormation.send(attachment, { RequestType: 'Delete', PhysicalResourceId: id, ResourceProperties: properties(fn) });

const called = () => cognito.pool!.LambdaConfig.PostConfirmation as string | undefined;
const updates = () => cognito.calls.filter(({ action }) => action === 'UpdateUserPool');

/** All but the trigger and the time of the change. */
function expectNothingElseChanged(): void {
  const { LastModifiedDate, ...now } = cognito.pool!;
  const { LastModifiedDate: _, ...before } = untouched;
  expect({ ...now, LambdaConfig: { ...now.LambdaConfig, PostConfirmation: null } }).toEqual({ ...before, LambdaConfig: { ...before.LambdaConfig, PostConfirmation: null } });
}

describe.each(['SNS', 'End User Messaging'] as const)('of a pool with every field of the API, SMS by %s,', (sms) => {
  test('everything but the trigger stays through Create, Update and Delete', async () => {
    await start(undefined, fullPool(POOL, sms));
    expect(await create()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: POOL });
    expect(called()).toBe(OURS);
    expectNothingElseChanged();

    expect(await update(NEW, OURS)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: POOL });
    expect(called()).toBe(NEW);
    expectNothingElseChanged();

    expect(await remove(NEW)).toMatchObject({ Status: 'SUCCESS' });
    expect(called()).toBeUndefined();
    expectNothingElseChanged();
    expect(updates()).toHaveLength(3);
  });
});

test('the request has every setting that the SDK knows, but for those that Cognito tells under two names', async () => {
  await start();
  await create();
  const [{ parameters: { UserPoolId, ...given } }] = updates();
  const twice = ['EmailVerificationMessage', 'EmailVerificationSubject', 'SmsVerificationMessage'];
  expect(Object.keys(given).sort()).toEqual(SETTING_NAMES.filter((name) => !twice.includes(name)).sort());
  expect(UserPoolId).toBe(POOL);
});

test('an old pool that knows only the old names keeps what they say', async () => {
  const { VerificationMessageTemplate, AcrConfiguration, ...pool } = fullPool(POOL);
  delete pool.Policies.PasswordPolicy.TemporaryPasswordValidityDays;
  pool.AdminCreateUserConfig.UnusedAccountValidityDays = 11;
  await start(undefined, pool);
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  const { EmailVerificationMessage, EmailVerificationSubject, SmsVerificationMessage, AdminCreateUserConfig, Policies } = cognito.pool!;
  expect({ EmailVerificationMessage, EmailVerificationSubject, SmsVerificationMessage }).toEqual({
    EmailVerificationMessage: untouched.EmailVerificationMessage,
    EmailVerificationSubject: untouched.EmailVerificationSubject,
    SmsVerificationMessage: untouched.SmsVerificationMessage,
  });
  expect(AdminCreateUserConfig.UnusedAccountValidityDays).toBe(11);
  expect(Policies.PasswordPolicy.TemporaryPasswordValidityDays).toBe(11);
});

test('a pool of the smallest plan is not given what that plan does not have', async () => {
  await start(undefined, { ...fullPool(POOL), UserPoolTier: 'LITE' });
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  expect(updates()[0].parameters).not.toHaveProperty('AcrConfiguration');
});

test('a pool that tells only some settings keeps those, and what Cognito adds is told', async () => {
  await start(undefined, { Id: POOL, Name: 'users', LambdaConfig: {}, Policies: { PasswordPolicy: { MinimumLength: 9, TemporaryPasswordValidityDays: 7 } } });
  const { Status, invocation } = await create();
  expect(Status).toBe('SUCCESS');
  expect(invocation.log.map((line) => JSON.parse(line))).toEqual([{ level: 'WARN', message: expect.stringMatching(/did not tell of before \([^)]*UserPoolTier/) }]);
  expect(cognito.pool!.Policies.PasswordPolicy.MinimumLength).toBe(9);
  expect(called()).toBe(OURS);
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(cognito.pool!.LambdaConfig).toEqual({});
});

test('fails on a setting that is not known, which a change might reset, and changes nothing', async () => {
  await start(undefined, { ...fullPool(POOL), FutureSetting: { secret: 'value' }, OtherSetting: 1 });
  const { Status, Reason } = await create();
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/^the user pool has settings that this version does not know \(FutureSetting, OtherSetting\)[^]*use a newer version/);
  expect(updates()).toEqual([]);
});

test('fails where Cognito does not tell of this pool, since what is not told would be reset', async () => {
  await start(undefined, { LambdaConfig: {} });
  expect(await create()).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/^Cognito's answer does not tell of user pool/) });
  expect(updates()).toEqual([]);
});

test('fails where another setting is not as before, and names it without its value', async () => {
  await start();
  cognito.afterwards = () => {
    cognito.pool!.Policies.PasswordPolicy.MinimumLength = 6;
    delete cognito.pool!.DeviceConfiguration;
    cognito.pool!.AutoVerifiedAttributes.push('a value');
  };
  const { Status, Reason } = await create();
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/\(AutoVerifiedAttributes, DeviceConfiguration\.ChallengeRequiredOnNewDevice, DeviceConfiguration\.DeviceOnlyRememberedOnUserPrompt, Policies\.PasswordPolicy\.MinimumLength\)/);
  expect(Reason).not.toContain('a value');
}, 15_000);

test('a pool that tells what it was before for a while is waited for', async () => {
  await start();
  cognito.lagMs = 1_500;
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
});

test('what somebody else changes at the same moment is not undone', async () => {
  await start();
  cognito.meanwhile = () => { cognito.pool!.SmsAuthenticationMessage = 'new text'; };
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  expect(cognito.pool).toMatchObject({ SmsAuthenticationMessage: 'new text', LambdaConfig: { PostConfirmation: OURS } });
});

test('a pool that is asked too often is asked again', async () => {
  await start();
  cognito.throttled = 5;
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
});

test('a trigger that is there already is left alone: the same request may come twice', async () => {
  await start(OURS);
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
  expect(updates()).toEqual([]);
});

describe('a foreign trigger', () => {
  test('fails Create, with the way out', async () => {
    await start(FOREIGN);
    const { Status, Reason } = await create();
    expect(Status).toBe('FAILED');
    expect(Reason).toContain(FOREIGN);
    expect(Reason).toContain("compose() from 'cognito-user-sync/handler'");
    expect(updates()).toEqual([]);
  });

  test('fails Update, and is left by the rollback that follows', async () => {
    await start(FOREIGN);
    expect(await update(NEW, OURS)).toMatchObject({ Status: 'FAILED', PhysicalResourceId: POOL });
    cloudFormation.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    const { Status, invocation } = await update(OURS, NEW);
    expect(Status).toBe('SUCCESS');
    expect(invocation.log.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ level: 'WARN', error: expect.objectContaining({ message: expect.stringContaining(FOREIGN) }) })]);
    expect(called()).toBe(FOREIGN);
  });

  test('stays where ours is deleted', async () => {
    await start(FOREIGN);
    expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
    expect(called()).toBe(FOREIGN);
    expect(updates()).toEqual([]);
  });

  test('is not taken for ours because of what another pool called', async () => {
    await start(OURS);
    expect(await update(NEW, OURS, OTHER_POOL)).toMatchObject({ Status: 'FAILED' });
  });
});

describe('through a deployment that goes wrong', () => {
  test('Update, and the rollback of it', async () => {
    await start(OURS);
    expect(await update(NEW, OURS)).toMatchObject({ Status: 'SUCCESS' });
    cloudFormation.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await update(OURS, NEW)).toMatchObject({ Status: 'SUCCESS' });
    expect(called()).toBe(OURS);
    expectNothingElseChanged();
  });

  test('a Create that fails is deleted under the id it was given', async () => {
    await start(undefined, { ...fullPool(POOL), FutureSetting: 1 });
    const { PhysicalResourceId } = await create();
    cloudFormation.stackStatus = 'ROLLBACK_IN_PROGRESS';
    expect(await remove(OURS, PhysicalResourceId)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId });
  });

  test('what IAM refuses does not stop a rollback', async () => {
    await start(OURS, undefined, 4_000);
    cognito.denial = 'User: arn is not authorized to perform: cognito-idp:UpdateUserPool on resource: arn because an SCP says so';
    expect(await update(NEW, OURS)).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('may not call cognito-idp:UpdateUserPool') });
    cloudFormation.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await update(NEW, OURS)).toMatchObject({ Status: 'SUCCESS' });
  }, 15_000);
});

test('somebody took the trigger away: the next Update attaches it again', async () => {
  await start();
  expect(await update(OURS, OURS)).toMatchObject({ Status: 'SUCCESS' });
  expect(called()).toBe(OURS);
});

test('another pool is another resource, whose old one CloudFormation deletes', async () => {
  await start();
  expect(await update(OURS, OURS, OTHER_POOL)).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: POOL });
  expect(called()).toBe(OURS);
});

test('a pool that is gone takes its trigger along', async () => {
  await start(OURS);
  cognito.pool = undefined;
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(await create()).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/ResourceNotFoundException to DescribeUserPool of user pool eu-west-1_AbCdEfGhI: check the pool's id/) });
});

test('a role of the pool that may not be passed on is told with the prop that mends it', async () => {
  await start(undefined, undefined, 4_000);
  cognito.denial = 'User: arn:aws:sts::111122223333:assumed-role/a/b is not authorized to perform: iam:PassRole on resource: arn:aws:iam::111122223333:role/sms because no policy allows it';
  const { Status, Reason } = await create();
  expect(Status).toBe('FAILED');
  expect(Reason).toMatch(/iam:PassRole\): name that role in TriggerAttachment\.customResource\(\{ smsRole \}\)/);
});

test('a permission that is not known everywhere yet is waited for', async () => {
  await start();
  cognito.denial = 'User: arn is not authorized to perform: cognito-idp:UpdateUserPool on resource: arn';
  setTimeout(() => { cognito.denial = undefined; }, 1_500);
  expect(await create()).toMatchObject({ Status: 'SUCCESS' });
});

test('a trigger that the pool\'s own template has taken over by then stays on deletion', async () => {
  callers = ['UserSyncPoolInvokesTrigger', 'UserPoolPostConfirmationCognito'];
  await start(OURS);
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(called()).toBe(OURS);
});

test('where Lambda does not tell who calls the function, its trigger is taken away', async () => {
  callers = undefined;
  await start(OURS);
  expect(await remove()).toMatchObject({ Status: 'SUCCESS' });
  expect(called()).toBeUndefined();
});
