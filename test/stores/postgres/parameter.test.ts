import type { LogLine } from '../../../lambda-src/delivery/log';
import { createPostConfirmationHandler, type DatabaseOptions } from '../../../lambda-src/handler';
import { useDatabase } from '../../support/database';
import { recordedEvent } from '../../support/events';
import { startParameterStore, type ParameterStore } from '../../support/parameter-store';
import { startSecretsManager, type SecretsManager } from '../../support/secrets-manager';

const EVENT = recordedEvent('PostConfirmation_ConfirmSignUp');
const PARAMETER = 'arn:aws:ssm:eu-west-1:111122223333:parameter/users/database-url';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-AbCdEf';
const credentials = () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' });
const database = useDatabase();
let parameters: ParameterStore;
let secrets: SecretsManager;
let log: LogLine[];

beforeEach(async () => {
  log = [];
  [parameters, secrets] = await Promise.all([startParameterStore(), startSecretsManager()]);
  await database.client.query('truncate public.users');
});
afterEach(() => Promise.all([parameters.stop(), secrets.stop()]));

function handlerWith(options: Partial<DatabaseOptions> = {}, arn = PARAMETER) {
  const handler = createPostConfirmationHandler({
    database: { table: 'public.users', login: { parameterArn: arn, endpointUrl: parameters.url, credentials }, ...options } as DatabaseOptions,
    columns: { cognito_user_id: 'sub', email: 'email' },
    log: (line) => log.push(line),
  });
  return async () => {
    await handler(EVENT);
    return log.at(-1)!;
  };
}

describe('a connection URL in the Parameter Store', () => {
  test('is fetched once, decrypted, and white space around it is none of it', async () => {
    parameters.putParameter(PARAMETER, ` ${database.connectionString()}\n`);
    const signUp = handlerWith();
    expect(await signUp()).toMatchObject({ outcome: 'written' });
    expect(await signUp()).toMatchObject({ outcome: 'unchanged' });
    expect(parameters.calls).toBe(1);
  });

  test('is fetched once more where the server rejects the password, which may have been rotated', async () => {
    const role = `rotating_${database.name}`;
    await database.client.query(`create role ${role} superuser login password 'one'`);
    try {
      const url = (password: string) => database.connectionString({ user: role, password });
      parameters.putParameter(PARAMETER, url('one'));
      const signUp = handlerWith();
      expect(await signUp()).toMatchObject({ outcome: 'written' });
      await database.client.query(`alter role ${role} password 'two'; select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
      parameters.putParameter(PARAMETER, url('two'));
      expect(await signUp()).toMatchObject({ outcome: 'unchanged' });
      expect(parameters.calls).toBe(2);
    } finally {
      await database.client.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`);
      await database.client.query(`drop role ${role}`);
    }
  });

  test.each([
    ['ParameterNotFound', { name: 'ConfigurationError', failure: 'misconfigured', message: expect.stringContaining(`Systems Manager refused ${PARAMETER} (400 ParameterNotFound)`) }],
    ['AccessDeniedException', { name: 'ConfigurationError', failure: 'misconfigured', message: expect.stringContaining('check the ARN, and that the role may call ssm:GetParameter on it and kms:Decrypt on its key') }],
    ['InternalServerError', { name: 'UserStoreError', failure: 'transient' }],
  ] as const)('fails by name on %s, and works once that is mended', async (refusal, error) => {
    parameters.putParameter(PARAMETER, database.connectionString());
    parameters.refusal = refusal;
    const signUp = handlerWith();
    expect(await signUp()).toMatchObject({ outcome: 'unrecorded', error });
    parameters.refusal = undefined;
    expect(await signUp()).toMatchObject({ outcome: 'written' });
  });

  test('that is none fails by name, and is not shown', async () => {
    parameters.putParameter(PARAMETER, 'host=localhost password=hunter2');
    expect(await handlerWith()()).toMatchObject({ outcome: 'unrecorded', error: { name: 'ConfigurationError', message: expect.stringMatching(/^the connection URL cannot be read/) } });
    expect(JSON.stringify(log)).not.toContain('hunter2');
  });

  test('by a name instead of an ARN fails by name', async () => {
    expect(await handlerWith({}, '/users/database-url')()).toMatchObject({ error: { message: 'got "/users/database-url": expected the full ARN of a login in Systems Manager' } });
  });
});

describe.each<[string, (url: string) => Partial<DatabaseOptions>]>([
  ['a parameter', (url) => {
    parameters.putParameter(PARAMETER, url);
    return {};
  }],
  ['a secret', (url) => {
    secrets.putSecret(SECRET, url);
    return { login: { secretArn: SECRET, endpointUrl: secrets.url, credentials } };
  }],
])('sslmode=disable in %s', (_where, options) => {
  test('is refused, and nothing is sent', async () => {
    const line = await handlerWith(options(database.connectionString({ sslmode: 'disable' })))();
    expect(line).toMatchObject({ outcome: 'unrecorded', error: { name: 'ConfigurationError', message: expect.stringMatching(/says sslmode=disable: .*dangerouslyAllowUnencryptedConnections/) } });
    expect(JSON.stringify(line)).not.toContain(database.server.password);
  });

  test.each([
    ['', {}],
    [', also for a host that is configured', { host: 'localhost' }],
  ])('is followed where the configuration says that it may%s', async (_case, host) => {
    const url = database.connectionString({ sslmode: 'disable' });
    expect(await handlerWith({ ...options(url), ...host, mayBeUnencrypted: true } as Partial<DatabaseOptions>)()).toMatchObject({ outcome: 'written' });
  });
});
