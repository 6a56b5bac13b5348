import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import type { LogLine } from '../../lambda-src/delivery/log';
import { createPostConfirmationHandler } from '../../lambda-src/handler';
import { useDatabase } from '../support/database';
import { recordedEvent } from '../support/events';

const [, SQL] = /^```sql\n(.*?)^```$/ms.exec(readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8'))!;

const database = useDatabase({ tables: '' });

// Roles belong to the whole server; the handler's connection ends with the database.
afterEach(() => database.client.query('drop owned by user_sync; drop role user_sync, rds_iam'));

test('the table and the grants of the README are enough, and no more than that', async () => {
  // The role is RDS's; here the login needs a password.
  await database.client.query(`create role rds_iam; ${SQL} alter role user_sync password 'p'`);
  const connectionString = database.connectionString({ user: 'user_sync', password: 'p' });
  const log: LogLine[] = [];
  const handler = createPostConfirmationHandler({
    database: { connectionString, table: 'public.users' },
    columns: { cognito_user_id: 'sub', email: 'email', display_name: { from: 'name', write: 'whileNull' }, handle: 'preferred_username' },
    log: (line) => log.push(line),
  });
  await handler(recordedEvent('PostConfirmation_ConfirmSignUp'));
  await database.client.query("update public.users set email = 'old@example.com'");
  await handler(recordedEvent('PostConfirmation_ConfirmForgotPassword'));
  expect(log.map(({ outcome }) => outcome)).toEqual(['written', 'written']);
  expect(await database.rows('select email from public.users')).toEqual([{ email: 'ada@example.com' }]);

  const login = new Client({ connectionString });
  await login.connect();
  for (const refused of ['select id from public.users', 'delete from public.users', "update public.users set cognito_user_id = 'x'", 'drop table public.users', 'create table public.other ()']) {
    await expect(login.query(refused)).rejects.toMatchObject({ code: '42501' });
  }
  await login.end();
});
