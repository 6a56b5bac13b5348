import { Client } from 'pg';
import { codes, CREATE_USERS, USERS, useChecking } from './checking';
import { type CheckTarget, createTableStatement, LOGIN_REFUSALS, loginStatement } from '../../lambda-src/check';
import { bulkStore, column, singleStore, write } from '../stores/postgres/stores';

const HOSTILE: CheckTarget = {
  table: '"we\'ird $$ schema"."users $cognito_user_sync$; drop table x; --"',
  columns: { '"it\'s"': 'sub', '"back\\slash"': 'email', '"dou""ble"': 'name', '"%I %s"': 'nickname' },
};

describe.each([14, 18] as const)('PostgreSQL %d', (version) => {
  const database = useChecking(version);
  const COLUMNS = [column('cognito_user_id'), column('email'), column('display_name', { write: 'whileNull' }), column('handle', { write: 'onInsert' })];
  const run = (statement: string) => database.client.query(statement);
  const as = async (url: string, statement: string) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    return client.query(statement).finally(() => client.end());
  };

  test.each([['its names', USERS], ['the search path', { ...USERS, table: 'users' }]])('a table that fits, found by %s, has no finding', async (_how, target) => {
    await database.arrange(CREATE_USERS);
    await database.grant(target);
    expect(await database.check(target)).toEqual([]);
  });

  test('a superuser is told to be too powerful, and nothing else', async () => {
    await database.arrange(CREATE_USERS);
    expect(codes(await database.check(USERS, database.connectionString()))).toEqual(['warning loginIsSuperuser']);
  });

  test('the table that the statement creates has no finding, whatever its kinds', async () => {
    const target: CheckTarget = {
      table: 'app.members',
      key: ['pool', 'id'],
      columns: {
        pool: 'userPoolId',
        id: { from: 'sub', kind: 'uuid' },
        b: 'enabled',
        i: { from: 'custom:i', kind: 'integer' },
        n: { from: 'custom:n', kind: 'numeric' },
        d: { from: 'birthdate', kind: 'date' },
        t: 'observedAt',
        j: 'attributes',
        c: { constant: 'x' },
        m: 'clientMetadata:m',
      },
    };
    await database.arrange('create schema app', createTableStatement(target));
    await database.grant(target);
    expect(await database.check(target)).toEqual([]);
  });

  test('unmapped columns that fill themselves, unique indexes that refuse nobody and a policy for everybody are no finding', async () => {
    await database.arrange(CREATE_USERS, `
      alter table users add created_at timestamptz not null default now(), add number serial, add lower_email text generated always as (lower(email)) stored not null;
      create domain filled as text not null default 'x';
      alter table users add filled filled;
      create unique index on users (cognito_user_id, email);
      create unique index on users (number);
      alter table users enable row level security;
      create policy everybody on users using (true);
      create function f() returns trigger language plpgsql as 'begin return old; end';
      create trigger t before delete on users for each row execute function f();
      create rule r as on insert to users do also notify users; alter table users disable rule r`);
    await database.grant();
    expect(await database.check()).toEqual([]);
  });

  test('a partitioned table and a domain over a domain fit, and a unique index in another order', async () => {
    await database.arrange(`
      create domain short as varchar(40); create domain shorter as short check (value <> '');
      create table users (pool text, cognito_user_id shorter, email text, display_name text, handle text, unique (cognito_user_id, pool)) partition by hash (pool);
      create table users_0 partition of users for values with (modulus 1, remainder 0)`);
    const target = { ...USERS, key: ['pool', 'cognito_user_id'], columns: { ...USERS.columns, pool: 'userPoolId' } };
    await database.grant(target);
    expect(await database.check(target)).toEqual([]);
  });

  test('a table of hundreds of columns is looked at in one go', async () => {
    await database.arrange(CREATE_USERS, `alter table users ${Array.from({ length: 800 }, (_, index) => `add c${index} text`).join(', ')}`);
    await database.grant();
    expect(await database.check()).toEqual([]);
  });

  test('the login writes the mapped columns through both stores, and may do nothing else', async () => {
    await database.arrange(CREATE_USERS, 'create table other (a text)', 'alter table users add number serial');
    await database.grant({ ...USERS, columns: { ...USERS.columns, handle: { from: 'preferred_username', write: 'onInsert' } } });
    const writing = { connectionString: database.loginUrl, table: 'public.users', key: ['cognito_user_id'], columns: COLUMNS };
    for (const [index, store] of [singleStore(writing), bulkStore(writing)].entries()) {
      const user = { cognito_user_id: `u${index}`, email: 'a@example.com', display_name: null, handle: 'a' };
      expect(await write(store, [user])).toEqual(['written']);
      expect(await write(store, [{ ...user, email: 'b@example.com', display_name: 'B' }])).toEqual(['written']);
    }
    expect(await database.rows('select cognito_user_id, email, display_name, handle from users order by 1')).toEqual(
      ['u0', 'u1'].map((id) => ({ cognito_user_id: id, email: 'b@example.com', display_name: 'B', handle: 'a' })),
    );
    const refused = [
      'select id from users', 'select handle from users', 'update users set cognito_user_id = null', 'update users set handle = null', 'insert into users (id) overriding system value values (1)',
      'delete from users', 'truncate users', 'alter table users add x text', 'drop table users', 'create index on users (email)',
      'select * from other', 'insert into other values (1)', 'create table mine ()', 'create role another', 'create database another', 'create schema another',
    ];
    for (const statement of refused) await expect(as(database.loginUrl, statement).then(() => statement)).rejects.toMatchObject({ code: '42501' });
  });

  test('the statement may run again, and several times at once', async () => {
    await database.arrange(CREATE_USERS);
    const login = 'again';
    const statement = loginStatement({ ...USERS, login });
    const clients = await Promise.all(Array.from({ length: 8 }, async () => {
      const client = new Client({ connectionString: database.connectionString() });
      await client.connect();
      return client;
    }));
    try {
      for (const before of ['', ...Array.from({ length: 10 }, () => `revoke all on users from ${login}`)]) {
        await run(before);
        await Promise.all(clients.map((client) => client.query(statement)));
      }
      await run(statement);
      expect(await database.rows('select count(*)::int as grants from information_schema.column_privileges where grantee = $1', [login])).toEqual([{ grants: 11 }]);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
      await run(`drop owned by ${login}; drop role ${login}`);
    }
  });

  test('so may those of several logins, which change the same columns', async () => {
    await database.arrange(CREATE_USERS);
    const logins = Array.from({ length: 6 }, (_, index) => `several_${index}`);
    try {
      await Promise.all(logins.map((each) => as(database.connectionString(), loginStatement({ ...USERS, login: each }))));
      expect(await database.rows("select count(*)::int as grants from information_schema.column_privileges where grantee like 'several%'")).toEqual([{ grants: 11 * logins.length }]);
    } finally {
      for (const each of logins) await run(`drop owned by ${each}; drop role ${each}`);
    }
  });

  test('advisory locks that somebody holds are not waited for', async () => {
    await database.arrange(CREATE_USERS);
    await run('select pg_advisory_lock(1667594611)');
    try {
      await as(database.connectionString(), `set statement_timeout = '5s'; ${loginStatement({ ...USERS, login: database.login })}`);
    } finally {
      await run('select pg_advisory_unlock_all()');
    }
  });

  test('where the database lets not everybody in, the login gets CONNECT', async () => {
    await database.arrange(CREATE_USERS);
    await run('revoke connect on database postgres from public');
    try {
      await database.grant();
      await as(database.loginUrl, 'select');
    } finally {
      await run(`grant connect on database postgres to public; revoke connect on database postgres from ${database.login}`);
    }
  });

  describe('run by others than a superuser', () => {
    const login = 'theirs';
    const [administrator, owner] = ['an_administrator', 'an_owner'].map((user) => ({ user, password: 'p' }));
    const statement = loginStatement({ ...USERS, login });
    const runBy = (who: typeof owner) => as(database.connectionString(who), statement);
    const grants = () => database.rows('select * from information_schema.column_privileges where grantee = $1', [login]);

    beforeEach(async () => {
      await database.arrange(CREATE_USERS, `create role ${administrator.user} login createrole password 'p'; create role ${owner.user} login password 'p'; alter table users owner to ${owner.user}`);
    });
    afterEach(() => run(`drop table users; drop role if exists ${login}, rds_iam, ${administrator.user}, ${owner.user}`));

    test.each([
      ['nothing', ''],
      ['the privileges, without the option to grant them', `grant all on users to ${administrator.user}`],
      ['the privileges, and the option to grant some of them', `grant all on users to ${administrator.user}; grant insert, update on users to ${administrator.user} with grant option`],
    ])('fails, and creates no login, where an administrator has %s', async (_what, grant) => {
      await run(grant);
      await expect(runBy(administrator)).rejects.toMatchObject({ code: '42501' });
      expect(await database.rows('select from pg_roles where rolname = $1', [login])).toEqual([]);
    });

    test('names what is missing where PostgreSQL only warns', async () => {
      await run(`grant all on users to ${administrator.user}; grant insert, update on users to ${administrator.user} with grant option`);
      await expect(runBy(administrator)).rejects.toThrow(/^the login lacks what it needs/);
      await expect(runBy(administrator)).rejects.toMatchObject({ detail: expect.stringMatching(/^grant select \(cognito_user_id\) on public.users to theirs; grant select/) });
    });

    test('succeeds where an administrator may grant all of it', async () => {
      await run(`grant all on users to ${administrator.user} with grant option`);
      await runBy(administrator);
      expect(await grants()).toHaveLength(11);
    });

    test('fails where an owner would have to create the login', async () => {
      await expect(runBy(owner)).rejects.toMatchObject({ code: '42501' });
    });

    test.each(['', 'with IAM'])('succeeds where the administrator creates the login and the owner grants, and then for the administrator, too %s', async (iam) => {
      if (iam) await run(`create role rds_iam; grant rds_iam to ${administrator.user} with admin option`);
      await as(database.connectionString(administrator), `create role ${login} login; ${iam && `grant rds_iam to ${login}`}`);
      await runBy(owner);
      expect(await grants()).toHaveLength(11);
      await runBy(administrator);
    });
  });

  test('hostile names stay names', async () => {
    const login = '$$ $cognito_user_sync$ "\'\\; drop table x; --';
    const quoted = `"${login.replaceAll('"', '""')}"`;
    await database.arrange('create schema "we\'ird $$ schema"', createTableStatement(HOSTILE), 'create table x ()');
    try {
      for (const setting of ['off', 'on']) {
        await run(`set standard_conforming_strings = ${setting}; ${loginStatement({ ...HOSTILE, login })}`);
        await run(`alter role ${quoted} password 'p'`);
        expect(await database.check(HOSTILE, database.connectionString({ user: login, password: 'p' }))).toEqual([]);
      }
      await run('table x');
    } finally {
      await run(`reset standard_conforming_strings; drop owned by ${quoted}; drop role ${quoted}`);
    }
  });

  test('functions that others put into the search path are not called', async () => {
    await database.arrange(CREATE_USERS, "create function public.format(text, text, name, regclass, text) returns text language plpgsql as $$ begin raise 'called'; end $$");
    await run('set search_path = public, pg_catalog');
    try {
      await database.grant({ ...USERS, table: 'users' });
    } finally {
      await run('reset search_path');
    }
  });

  test("the search path of somebody's own transaction is as it was", async () => {
    await database.arrange(CREATE_USERS);
    try {
      await run(`begin; set local search_path = public, pg_temp; ${loginStatement({ ...USERS, login: database.login })}`);
      expect(await database.rows('show search_path')).toEqual([{ search_path: 'public, pg_temp' }]);
    } finally {
      await run('rollback');
    }
  });

  test('what everybody may, as create in public by default on 14, the login may until that is revoked', async () => {
    await database.arrange(CREATE_USERS, 'grant create on schema public to public');
    await database.grant();
    await as(database.loginUrl, 'create table mine (); drop table mine');
    await run('revoke create on schema public from public');
    await expect(as(database.loginUrl, 'create table mine ()')).rejects.toMatchObject({ code: '42501' });
  });

  test('where there is no table yet, the login is created', async () => {
    await database.arrange();
    await database.grant();
    expect(codes(await database.check())).toEqual(['error tableMissing']);
    await run(CREATE_USERS);
    await database.grant();
    expect(await database.check()).toEqual([]);
  });

  test.each(['', 'pg_mine', 'public', 'a\0b', 'x'.repeat(64)])('%j is no name for a login', (login) => {
    expect(() => loginStatement({ ...USERS, login })).toThrow(/as the name of the login: expected/);
  });

  describe('refuses', () => {
    const role = 'mine';
    beforeEach(() => database.arrange(CREATE_USERS));
    afterEach(() => run(`reassign owned by ${role} to postgres; drop owned by ${role}; drop role ${role}; drop role if exists rds_iam`));

    test.each([
      ['a superuser', 'create role $ login superuser', 'CUS01'],
      ['the owner of the table', 'create role $ login; alter table users owner to $', 'CUS02'],
      ['a login by password, where IAM takes that away', 'create role $ login; create role rds_iam', 'CUS03'],
      ['a group', 'create role $', 'CUS04'],
    ])('%s, and leaves it as it was', async (_who, create, code) => {
      await run(create.replaceAll('$', role));
      const before = await database.rows('select * from pg_authid where rolname = $1', [role]);
      await expect(run(loginStatement({ ...USERS, login: role }))).rejects.toMatchObject({ code, message: LOGIN_REFUSALS[code] });
      expect(await database.rows('select * from pg_authid where rolname = $1', [role])).toEqual(before);
      expect(await database.rows('select * from information_schema.column_privileges where grantee = $1 and grantor <> grantee', [role])).toEqual([]);
    });

    test('whoever runs it', async () => {
      await run(`create role ${role} login createrole password 'p'`);
      await expect(as(database.connectionString({ user: role, password: 'p' }), loginStatement({ ...USERS, login: role }))).rejects.toMatchObject({ code: 'CUS01' });
    });

    test('nobody that it created itself with rds_iam', async () => {
      await run('create role rds_iam');
      const statement = loginStatement({ ...USERS, login: role });
      await run(statement);
      await run(statement);
      expect(await database.rows("select pg_has_role($1, 'rds_iam', 'MEMBER') as iam", [role])).toEqual([{ iam: true }]);
    });
  });
});
