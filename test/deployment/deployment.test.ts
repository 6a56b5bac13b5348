import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ADMINISTRATOR, startStack, type Stack, type StackOptions } from './stack';
import type { PostgresPlan } from '../../src/private/plan';
import { LOGICAL_ID, RESPONSE_SECRET, startCloudFormation, type CloudFormation, type CustomResourceAnswer } from '../support/cloudformation';
import { USERS_TABLE } from '../support/database';
import { startPostgres, type PostgresServer } from '../support/postgres-server';
import { startSecretsManager, type SecretsManager } from '../support/secrets-manager';

const COLUMNS = { cognito_user_id: 'sub', email: 'email' };

let server: PostgresServer;
let cloudFormation: CloudFormation;
let secrets: SecretsManager;
let databaseName: string;
let client: Client;
let stack: Stack;

beforeAll(async () => {
  // Tokens of IAM are checked by a plug-in that only RDS has.
  server = await startPostgres({ hba: ['hostssl all /^sync_ all trust'] });
  [cloudFormation, secrets] = await Promise.all([startCloudFormation(), startSecretsManager()]);
  secrets.putSecret(ADMINISTRATOR, JSON.stringify({ username: server.user, password: server.password }));
});

afterAll(async () => {
  await Promise.all([cloudFormation.stop(), secrets.stop(), server.stop()]);
});

beforeEach(async () => {
  databaseName = await server.createDatabase();
  client = new Client({ connectionString: server.connectionString(databaseName) });
  await client.connect();
  await client.query(USERS_TABLE);
  cloudFormation.stackStatus = 'UPDATE_IN_PROGRESS';
  cloudFormation.deaf = 0;
});

afterEach(async () => {
  // Whatever was asked of it, and whatever came of it.
  for (const secret of [server.password, RESPONSE_SECRET]) expect(stack.spoken()).not.toContain(secret);
  await stack.stop();
  await client.end();
  await server.dropDatabase(databaseName);
});

/** A login of a test's own: roles belong to all databases of the server. */
function newLogin(): string {
  return `sync_${randomUUID().slice(0, 8)}`;
}

function databasePlan(iamUser: string, table = 'public.users'): PostgresPlan {
  return { kind: 'postgres', table, host: 'localhost', port: server.port, databaseName, region: 'eu-west-1', ownCertificates: true, login: { iamUser } };
}

async function newStack({ login = newLogin(), ...options }: Partial<StackOptions> & { login?: string } = {}): Promise<Stack> {
  stack = await startStack({ server, cloudFormation, secrets, plan: { database: databasePlan(login), columns: COLUMNS }, ...options });
  return stack;
}

async function grantedLogin(): Promise<string> {
  const login = newLogin();
  await client.query(`create role ${login} login; grant usage on schema public to ${login};
    grant insert (cognito_user_id, email), update (email), select (cognito_user_id, email) on public.users to ${login}`);
  return login;
}

/** With the login that the stack creates. */
function creating(login: string) {
  return {
    plan: {
      database: databasePlan(login),
      columns: COLUMNS,
      creation: { userName: login, host: 'localhost', port: server.port, databaseName, region: 'eu-west-1', ownCertificates: true },
    },
  };
}

function linesOf({ invocation }: CustomResourceAnswer, ...levels: string[]) {
  return invocation.log.map((line) => JSON.parse(line)).filter(({ level }) => levels.includes(level));
}

test('a table that fits is created without a word of warning', async () => {
  await newStack({ login: await grantedLogin(), mode: 'fail' });
  const created = await stack.send('Create');
  expect(linesOf(created, 'WARN', 'ERROR')).toEqual([]);
  expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: LOGICAL_ID });
});

test('a column that is missing fails the creation with the SQL that mends it, and the deletion that follows succeeds', async () => {
  await newStack({ login: await grantedLogin(), mode: 'fail' });
  await client.query('alter table public.users drop column email');
  const failed = await stack.send('Create');
  expect(failed).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/public\.users.*"email".*SQL: alter table .* add column .*log group/s) });
  expect(await stack.send('Delete')).toMatchObject({ Status: 'SUCCESS' });

  await client.query(/SQL: (.*?;)/s.exec(failed.Reason!)![1]);
  await client.query('grant insert (email), update (email), select (email) on public.users to public');
  expect(await stack.send('Create')).toMatchObject({ Status: 'SUCCESS' });
});

test('the same is only logged where that is asked for', async () => {
  await newStack({ login: await grantedLogin(), mode: 'warn' });
  await client.query('alter table public.users drop column email');
  const created = await stack.send('Create');
  expect(created).toMatchObject({ Status: 'SUCCESS' });
  expect(linesOf(created, 'ERROR')).toEqual([expect.objectContaining({ code: 'columnMissing', sql: expect.stringContaining('add column') })]);
});

test('a table that is not there yet fails nothing', async () => {
  await newStack({ plan: { database: databasePlan(await grantedLogin(), 'public.members'), columns: COLUMNS }, mode: 'fail' });
  const created = await stack.send('Create');
  expect(created).toMatchObject({ Status: 'SUCCESS' });
  expect(linesOf(created, 'WARN')).toEqual([expect.objectContaining({ code: 'tableMissing' })]);
});

test('an update that fails is rolled back, although the table is still wrong', async () => {
  await newStack({ login: await grantedLogin(), mode: 'fail' });
  await client.query('alter table public.users drop column email');
  const old = { Mode: 'fail', Inspector: 'inspector', Checked: '{}' };
  expect(await stack.send('Update', { OldResourceProperties: old })).toMatchObject({ Status: 'FAILED' });

  cloudFormation.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
  const rolledBack = await stack.send('Update', { ResourceProperties: old, OldResourceProperties: old });
  expect(rolledBack).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: LOGICAL_ID });
  expect(linesOf(rolledBack, 'WARN')).toContainEqual(expect.objectContaining({ message: expect.stringMatching(/^the stack is rolled back/) }));
});

test('where CloudFormation does not tell, an update may be a rollback, and succeeds', async () => {
  await newStack({ login: await grantedLogin(), mode: 'fail' });
  await client.query('alter table public.users drop column email');
  cloudFormation.stackStatus = undefined;
  const updated = await stack.send('Update');
  expect(updated).toMatchObject({ Status: 'SUCCESS' });
  expect(linesOf(updated, 'WARN')).toContainEqual(expect.objectContaining({ message: expect.stringMatching(/^the stack is rolled back/) }));
});

test('a plan that cannot be checked is an error, and not nothing found', async () => {
  await newStack({ plan: { database: databasePlan(await grantedLogin(), 'one.two.three'), columns: COLUMNS }, mode: 'fail' });
  expect(await stack.send('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('the table could not be looked at: table "one.two.three" is not a table name') });
});

test('the inspector is invoked once for each request', async () => {
  await newStack({ mode: 'fail' });
  let invocations = 0;
  stack.lambda.instead = async () => {
    invocations += 1;
    return { status: 502, headers: {}, body: '{}' };
  };
  expect(await stack.send('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('Lambda answered 502') });
  expect(invocations).toBe(1);
});

test('a deletion looks at nothing', async () => {
  await newStack({ mode: 'fail' });
  expect(await stack.send('Delete')).toMatchObject({ Status: 'SUCCESS' });
  expect(stack.inspector.invocations).toEqual([]);
});

test('a login that is refused at first is waited for', async () => {
  const login = newLogin();
  await newStack({ login, mode: 'fail' });
  const created = stack.send('Create');
  await sleep(3_000);
  await client.query(`create role ${login} login; grant usage on schema public to ${login}; grant all on public.users to ${login}`);
  expect(await created).toMatchObject({ Status: 'SUCCESS' });
});

test('a login that stays refused fails the creation', async () => {
  await newStack({ mode: 'fail', timeoutSeconds: 9 });
  expect(await stack.send('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('PostgreSQL refused the login') });
});

test('without the inspector a deployment that is to be warned goes on', async () => {
  await newStack();
  stack.lambda.instead = async () => ({ status: 403, headers: { 'x-amzn-errortype': 'AccessDeniedException' }, body: '{}' });
  const created = await stack.send('Create');
  expect(created).toMatchObject({ Status: 'SUCCESS' });
  expect(linesOf(created, 'ERROR')).toEqual([expect.objectContaining({ message: 'the table could not be checked' })]);
});

test('CloudFormation is answered again where the answer did not arrive', async () => {
  await newStack({ login: await grantedLogin() });
  cloudFormation.deaf = 2;
  expect(await stack.send('Create')).toMatchObject({ Status: 'SUCCESS' });
});

describe('a login to be created', () => {
  test('is there afterwards, may do what it must and nothing else, and is created again without harm', async () => {
    const login = newLogin();
    await newStack({ ...creating(login), mode: 'fail' });
    const created = await stack.send('Create');
    expect(linesOf(created, 'WARN', 'ERROR')).toEqual([]);
    expect(created).toMatchObject({ Status: 'SUCCESS' });
    expect(await stack.send('Update')).toMatchObject({ Status: 'SUCCESS' });

    const asLogin = new Client({ connectionString: server.connectionString(databaseName, { user: login, password: 'none' }) });
    await asLogin.connect();
    await asLogin.query("insert into public.users (cognito_user_id, email) values ('a', 'b')");
    await expect(asLogin.query('select display_name from public.users')).rejects.toMatchObject({ code: '42501' });
    await expect(asLogin.query('delete from public.users')).rejects.toMatchObject({ code: '42501' });
    await asLogin.end();
  });

  test('that is somebody else\'s fails the deployment, also one that is only to be warned, and not its rollback', async () => {
    const login = newLogin();
    await client.query('do $$ begin create role rds_iam; exception when duplicate_object then null; end $$');
    await client.query(`create role ${login} login password 'secret'`);
    await newStack(creating(login));
    expect(await stack.send('Create')).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/the login could not be created: .*it was there already/) });
    cloudFormation.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await stack.send('Update')).toMatchObject({ Status: 'SUCCESS' });
  });

  test('needs the administrator\'s secret', async () => {
    await newStack(creating(newLogin()));
    secrets.refusal = 'AccessDeniedException';
    const created = await stack.send('Create');
    secrets.refusal = undefined;
    expect(created).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(`Secrets Manager refused ${ADMINISTRATOR}`) });
  });
});
