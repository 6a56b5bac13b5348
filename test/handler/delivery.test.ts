import type { LogLine } from '../../lambda-src/delivery/log';
import { createPostConfirmationHandler, type PostConfirmationOptions } from '../../lambda-src/handler';
import { useDatabase } from '../support/database';
import { recordedEvent, type RecordedEvent } from '../support/events';
import { startHttpServer } from '../support/http-server';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../support/sqs';

const database = useDatabase();
const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
const { sub } = EVENT.request.userAttributes;
const CREDENTIALS = () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' });
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let log: LogLine[];

beforeAll(async () => {
  sqs = await startSqs();
});
afterAll(() => sqs.stop());
beforeEach(async () => {
  log = [];
  queue = await sqs.queueWithDeadLetters(`users-${Math.random()}`.replace('.', ''));
  await database.client.query('truncate public.users');
});
afterEach(() => sqs.behave());

const reachable = { connectionString: '', table: 'public.users' };
beforeAll(() => {
  reachable.connectionString = database.connectionString();
});
const refused = { connectionString: 'postgres://a:b@127.0.0.1:1/app', table: 'public.users' };

function handlerWith(options: Partial<PostConfirmationOptions> = {}) {
  return createPostConfirmationHandler({
    database: reachable,
    columns: { cognito_user_id: 'sub', email: 'email', handle: 'clientMetadata:handle' },
    queue: { url: queue.url, endpointUrl: sqs.url, region: 'eu-west-1', credentials: CREDENTIALS },
    log: (line) => log.push(line),
    ...options,
  });
}

const rows = async () => (await database.rows('select cognito_user_id from public.users')).map(({ cognito_user_id }) => cognito_user_id);
const queued = async () => (await sqs.messages(queue)).visible.map(({ body }) => JSON.parse(body));
const metricsOf = (line?: LogLine) => (line?._aws as { CloudWatchMetrics: object[] } | undefined)?.CloudWatchMetrics[0];

describe('inline', () => {
  test('leaves the queue alone where the row was written', async () => {
    expect(await handlerWith()(EVENT)).toBe(EVENT);
    expect([await rows(), await queued()]).toEqual([[sub], []]);
  });

  test.each<[string, Partial<PostConfirmationOptions>, object]>([
    ['the database refuses connections', { database: refused }, { code: 'ECONNREFUSED' }],
    ['the mapping is wrong', { columns: { cognito_user_id: 'sub', email: 'e-mail' } }, { name: 'ConfigurationError' }],
    ['a value does not fit', { columns: { cognito_user_id: 'sub', email: { from: 'email', kind: 'integer' } } }, { name: 'ColumnValueError', failure: 'permanent' }],
    ['there is no such column', { columns: { cognito_user_id: 'sub', nope: 'email' } }, { code: '42703' }],
    ['there is no database in the options', { database: undefined }, { name: 'ConfigurationError' }],
  ])('queues the user where %s, and sign-up succeeds', async (_case, options, error) => {
    expect(await handlerWith(options)(EVENT)).toBe(EVENT);
    expect(log.at(-1)).toMatchObject({ level: 'WARN', sub, outcome: 'queued', queued: 1, error });
    expect(await queued()).toMatchObject([{ version: 1, sub, userPoolId: EVENT.userPoolId, username: EVENT.userName }]);
  });

  test('the message holds the user as Cognito told of them, and of the client metadata what is mapped', async () => {
    const event: RecordedEvent = { ...EVENT, request: { ...EVENT.request, clientMetadata: { handle: 'ada', captcha: 'a secret of the app' } } };
    await handlerWith({ database: refused })(event);
    const [message] = await queued();
    expect(message).toEqual({
      version: 1,
      userPoolId: event.userPoolId,
      sub,
      username: event.userName,
      observedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      clientMetadata: { handle: 'ada' },
      snapshot: { status: 'CONFIRMED', attributes: expect.objectContaining({ sub, email: event.request.userAttributes.email }), identities: [] },
    });
  });

  test('the message leaves out what would make it larger than SQS takes: first what the client chose, then what Cognito has', async () => {
    const { clientMetadata: _, ...request } = EVENT.request;
    const large = 'x'.repeat(1_100_000);
    await handlerWith({ database: refused })({ ...EVENT, request: { ...request, clientMetadata: { handle: large } } });
    await handlerWith({ database: refused })({ ...EVENT, request: { userAttributes: { ...request.userAttributes, 'custom:large': large } } });
    const [first, second] = await queued();
    expect([first.clientMetadata, first.snapshot.attributes.sub]).toEqual([undefined, sub]);
    expect(second).toEqual({ version: 1, userPoolId: EVENT.userPoolId, sub, username: EVENT.userName, observedAt: expect.anything() });
  });

  test('tries the queue again where it is busy for a moment', async () => {
    await sqs.behave({ refusal: { code: 'ThrottlingException' } });
    const answer = handlerWith({ database: refused })(EVENT);
    setTimeout(() => void sqs.behave(), 60);
    await answer;
    expect(await queued()).toHaveLength(1);
  });
});

describe('queued', () => {
  test('leaves the table alone', async () => {
    await handlerWith({ delivery: 'queued' })(EVENT);
    expect([await rows(), (await queued()).length]).toEqual([[], 1]);
    expect(log).toEqual([expect.objectContaining({ level: 'INFO', outcome: 'queued', queued: 1 })]);
  });

  test('needs no database', async () => {
    await handlerWith({ delivery: 'queued', database: undefined })(EVENT);
    expect(log).toEqual([expect.objectContaining({ outcome: 'queued' })]);
  });

  test.each<[string, Partial<PostConfirmationOptions>]>([
    ['without a queue', { delivery: 'queued', queue: undefined }],
    ['of an unknown name', { delivery: 'later' as never, queue: undefined }],
  ])('fails by name %s', async (_case, options) => {
    expect(await handlerWith(options)(EVENT)).toBe(EVENT);
    expect(log).toEqual([expect.objectContaining({ level: 'ERROR', error: expect.objectContaining({ name: 'ConfigurationError' }) }), expect.objectContaining({ outcome: 'unrecorded' })]);
  });
});

describe('a user whom neither the table nor the queue took', () => {
  const unwell = () => ({ database: refused, queue: { url: queue.url, endpointUrl: NOWHERE, region: 'eu-west-1', credentials: CREDENTIALS } });

  test('is named by one line and counted, and sign-up succeeds', async () => {
    expect(await handlerWith(unwell())(EVENT, { functionName: 'trigger' })).toBe(EVENT);
    expect(log.at(-1)).toMatchObject({ level: 'ERROR', sub, outcome: 'unrecorded', unrecorded: 1, error: { code: 'ECONNREFUSED' }, waitingError: { name: 'QueueError', code: 'ECONNREFUSED' } });
    expect(metricsOf(log.at(-1))).toMatchObject({ Dimensions: [['FunctionName']], Metrics: [{ Name: 'unrecorded' }] });
  });

  test('fails the sign-up with a text that tells nothing, where that is wanted', async () => {
    await expect(handlerWith({ ...unwell(), failSignUp: true })(EVENT)).rejects.toThrow(/^Your account could not be set up\. Please try again later\.$/);
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded' });
  });

  test('does not fail the sign-up where the queue took them', async () => {
    await expect(handlerWith({ database: refused, failSignUp: true })(EVENT)).resolves.toBe(EVENT);
  });

  test.each<[string, () => Promise<void>, string]>([
    ['refuses', () => sqs.behave({ refusal: { code: 'AccessDeniedException' } }), 'AccessDeniedException'],
    ['has no such name', async () => { queue = { ...queue, url: `${queue.url}-gone` }; }, 'QueueDoesNotExist'],
  ])('is told why, where the queue %s', async (_case, arrange, code) => {
    await arrange();
    await handlerWith({ database: refused })(EVENT);
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded', waitingError: { name: 'QueueError', failure: 'misconfigured', code } });
  });

  test('does not count as queued because something answered in the queue\'s place', async () => {
    const portal = await startHttpServer(async () => ({ status: 200, headers: {}, body: '<html>Please log in</html>' }));
    await handlerWith({ database: refused, queue: { url: queue.url, endpointUrl: portal.url, region: 'eu-west-1', credentials: CREDENTIALS } })(EVENT);
    await portal.stop();
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded' });
  });

  test.each<[string, QueueOptionsOf]>([['without a URL', { url: undefined, region: 'eu-west-1' }], ['with a URL that is none', { url: 'users' }]])('is told of a queue %s', async (_case, given) => {
    await handlerWith({ database: refused, queue: given })(EVENT);
    expect(log[0]).toMatchObject({ level: 'ERROR', message: 'the configuration is wrong: no user can wait', error: { name: 'ConfigurationError' } });
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded', waitingError: { name: 'ConfigurationError' } });
  });

  test('is answered in time where both hang', async () => {
    const silent = await startHttpServer(() => new Promise(() => {}));
    const begin = Date.now();
    const hanging = { queryable: { query: () => new Promise<never>(() => {}) }, table: 'public.users' };
    await handlerWith({ database: hanging, queue: { url: queue.url, endpointUrl: silent.url, region: 'eu-west-1', credentials: CREDENTIALS } })(EVENT, { getRemainingTimeInMillis: () => 1_300 });
    expect(Date.now() - begin).toBeLessThan(1_300);
    await silent.stop();
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded' });
  });

  test('goes to onUnwritten first', async () => {
    const told: unknown[] = [];
    await handlerWith({ ...unwell(), onUnwritten: (user, error) => void told.push([user.sub, (error as Error).name]) })(EVENT);
    expect(told).toEqual([[sub, 'UserStoreError']]);
    expect(log.at(-1)).toMatchObject({ outcome: 'queued' });
  });

  test('is one whom onUnwritten did not take either', async () => {
    await handlerWith({ database: refused, queue: undefined, onUnwritten: () => Promise.reject(new Error('ada@example.com')) })(EVENT);
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded', waitingError: { name: 'Error' } });
    expect(JSON.stringify(log)).not.toContain('ada@example.com');
  });

  test('is one of no pool: the consumer could not tell whose user that is', async () => {
    await handlerWith({ database: refused })({ ...EVENT, userPoolId: undefined } as never);
    expect(log.at(-1)).toMatchObject({ outcome: 'unrecorded', waitingError: { name: 'QueueMessageError' } });
  });
});

type QueueOptionsOf = NonNullable<PostConfirmationOptions['queue']>;

describe('logs and metrics', () => {
  test('each outcome is counted in its line', async () => {
    await handlerWith()(EVENT, { functionName: 'trigger' });
    expect(log).toEqual([expect.objectContaining({ outcome: 'written', written: 1, FunctionName: 'trigger' })]);
    expect(metricsOf(log[0])).toEqual({ Namespace: 'CognitoUserSync', Dimensions: [['FunctionName']], Metrics: [{ Name: 'written', Unit: 'Count' }] });
  });

  test('metrics can be turned off, but for users who are not recorded', async () => {
    await handlerWith({ metrics: false })(EVENT);
    expect(log[0]).not.toHaveProperty('_aws');
    await handlerWith({ metrics: false, database: refused, queue: undefined })(EVENT);
    expect(metricsOf(log.at(-1))).toMatchObject({ Metrics: [{ Name: 'unrecorded' }] });
  });

  test('lines of success can be turned off: what remains is the metric', async () => {
    await handlerWith({ successLogs: false })(EVENT);
    expect(log).toEqual([{ level: 'INFO', message: 'row written', written: 1, _aws: expect.anything() }]);
    log = [];
    await handlerWith({ successLogs: false, metrics: false })(EVENT);
    expect(log).toEqual([]);
    await handlerWith({ successLogs: false, metrics: false, database: refused })(EVENT);
    expect(log).toEqual([expect.objectContaining({ level: 'WARN', sub, outcome: 'queued' })]);
  });
});
