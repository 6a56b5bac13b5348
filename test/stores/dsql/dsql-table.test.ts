import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { queueMessage } from '../../../lambda-src/sources/queue-message';
import { dsqlToken } from '../../../lambda-src/stores/postgres/iam-token';
import { type DsqlPlan, PLAN_VARIABLE, type SyncPlan } from '../../../src/private/plan';
import { confirmedSignUp } from '../../support/events';
import { startLambdaFunction, type LambdaFunction } from '../../support/lambda-function';
import { startPostgres, type PostgresServer } from '../../support/postgres-server';
import { startSqs, type QueueWithDeadLetters, type Sqs } from '../../support/sqs';

/** A PostgreSQL in the place of Aurora DSQL, which nobody emulates: it logs in whom DSQL would ask for a token, and tells of every statement. */
let server: PostgresServer;
let observer: Client;
let sqs: Sqs;
let queue: QueueWithDeadLetters;
let trigger: LambdaFunction;
let consumer: LambdaFunction;
const DATABASE: DsqlPlan = { kind: 'dsql', host: 'localhost', region: 'eu-west-1', user: 'user_sync', table: 'public.users' };

beforeAll(async () => {
  server = await startPostgres({ hba: ['hostssl postgres user_sync all trust'], settings: { log_statement: 'all' } });
  observer = new Client({ connectionString: server.connectionString('postgres') });
  await observer.connect();
  await observer.query(`create table users (cognito_user_id text primary key, email text, plan text);
    create role user_sync login; grant insert, select, update on users to user_sync`);
  sqs = await startSqs();
  queue = await sqs.queueWithDeadLetters();
  const load = (name: string, timeoutMs: number, more: Partial<SyncPlan> = {}) => startLambdaFunction({
    name,
    timeoutMs,
    folder: join(__dirname, '..', '..', '..', 'assets', name),
    environment: {
      NODE_OPTIONS: `--require ${join(__dirname, '..', '..', 'support', 'redirected-port.js')}`,
      NODE_EXTRA_CA_CERTS: server.caFile,
      REDIRECTED_PORT: '5432',
      REDIRECTED_TO: String(server.port),
      AWS_ENDPOINT_URL_SQS: sqs.url,
      [PLAN_VARIABLE]: JSON.stringify({ database: DATABASE, columns: { cognito_user_id: 'sub', email: 'email' }, queue: { url: queue.url }, ...more }),
    },
  });
  [trigger, consumer] = await Promise.all([load('trigger', 5_000), load('consumer', 15_000, { consumer: { deadLetterQueueUrl: queue.deadLetters.url, trustedSender: 'AROATRIGGER' } })]);
});
afterAll(async () => {
  await Promise.all([trigger?.stop(), consumer?.stop(), sqs?.stop(), observer?.end()]);
  await server.stop();
});
beforeEach(() => observer.query('truncate users'));

const signUp = async (sub: string, email: string) => JSON.parse((await trigger.invoke(confirmedSignUp({ sub, email }))).log.at(-1)!);
const record = (sub: string, index: number) => ({
  messageId: `message-${index}`,
  receiptHandle: `handle-${index}`,
  body: queueMessage({ userPoolId: 'eu-west-1_Example01', sub, observedAt: new Date(), snapshot: { status: 'CONFIRMED', attributes: { sub, email: `${sub}@example.com` }, enabled: undefined, identities: [] } }),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()), SenderId: 'AROATRIGGER:trigger' },
});
const users = async () => (await observer.query('select cognito_user_id as id, email, plan from users order by 1')).rows;

test('a sign-up is written, in the database postgres, under a certificate that Node.js itself trusts', async () => {
  expect(await signUp('ada', 'ada@example.com')).toMatchObject({ outcome: 'written' });
  expect(await signUp('ada', 'ada@example.com')).toMatchObject({ outcome: 'unchanged' });
  expect(await users()).toEqual([{ id: 'ada', email: 'ada@example.com', plan: null }]);
});

test('a conflict with another transaction is tried again', async () => {
  await observer.query(`create sequence tries; grant usage on sequence tries to user_sync; create function conflict() returns trigger language plpgsql as $$ begin
    if nextval('tries') <= 2 then raise exception 'schema has been updated by another transaction' using errcode = 'OC001'; end if; return new; end $$;
    create trigger conflict before insert on users for each row execute function conflict()`);
  try {
    expect(await signUp('ada', 'ada@example.com')).toMatchObject({ outcome: 'written' });
  } finally {
    await observer.query('drop trigger conflict on users; drop function conflict(); drop sequence tries');
  }
});

test('those who waited are written row by row: who is there stays, and who is refused does not keep the others', async () => {
  await observer.query("insert into users values ('ada', 'newer@example.com', 'pro'); alter table users add check (cognito_user_id <> 'bob')");
  const subs = ['ada', 'bob', 'cy', 'di'];
  const { payload } = await consumer.invoke({ Records: subs.map(record) });
  // Without a version column the user who is there is read from Cognito a little later.
  expect(payload).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
  expect(await users()).toEqual([
    { id: 'ada', email: 'newer@example.com', plan: 'pro' },
    { id: 'cy', email: 'cy@example.com', plan: null },
    { id: 'di', email: 'di@example.com', plan: null },
  ]);
  expect((await sqs.messages(queue.deadLetters)).visible).toHaveLength(1);
  expect(readFileSync(server.logFile, 'utf8')).not.toContain('unnest(');
});

test('the token names no user', () => {
  expect(dsqlToken('abc.dsql.eu-west-1.on.aws', 'eu-west-1', { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' })).toMatch(/^abc\.dsql\.eu-west-1\.on\.aws\/\?Action=DbConnect&X-Amz-Expires=900&/);
});
