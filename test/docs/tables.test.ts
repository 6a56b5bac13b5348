import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckTarget } from '../../lambda-src/check';
import { useChecking } from '../check/checking';

const DOCUMENT = readFileSync(join(__dirname, '..', '..', 'docs', 'tables.md'), 'utf8');
const [table, login] = [...DOCUMENT.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, sql]) => sql);

const TARGET: CheckTarget = {
  table: 'public.users',
  columns: { cognito_user_id: 'sub', email: 'email', display_name: { from: 'name', write: 'whileNull' }, handle: 'preferred_username', observed_at: 'observedAt' },
};

/** As `prisma migrate` writes it for the model. */
const PRISMA = `create table users (
  "id" uuid not null default gen_random_uuid(), "cognito_user_id" text not null, "email" text, "display_name" text, "handle" text,
  "observed_at" timestamptz(3), "created_at" timestamptz(3) not null default current_timestamp, "updated_at" timestamptz(3) not null default current_timestamp,
  constraint "users_pkey" primary key ("id")
); create unique index "users_cognito_user_id_key" on users ("cognito_user_id");`;

describe.each([14, 18] as const)('PostgreSQL %d', (version) => {
  const database = useChecking(version);

  test.each([['the table of docs/tables.md', table], ['the one that Prisma makes of its model', PRISMA]])('%s and its grants have no finding', async (_which, create) => {
    const [{ isThere }] = await database.rows<{ isThere: boolean }>('select exists (select from pg_roles where rolname = $1) as "isThere"', ['user_sync']);
    await database.arrange(create, isThere ? login.replace(/^create role .*$/m, '') : login, "alter role user_sync password 'p'");
    expect(await database.check(TARGET)).toEqual([]);
  });
});
