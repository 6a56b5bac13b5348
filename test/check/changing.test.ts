import { codes, CREATE_USERS, useChecking } from './checking';

const database = useChecking(18);

test('a table that is altered, dropped and created meanwhile is looked at all the same', async () => {
  await database.arrange(CREATE_USERS);
  await database.grant();
  const seen = new Set<string>();
  let isChanging = true;
  const checking = (async () => {
    while (isChanging) for (const code of codes(await database.check())) seen.add(code);
  })();
  for (let round = 0; round < 60; round++) {
    await database.client.query('alter table users add x serial, add y text not null, drop column handle; create index on users (lower(y)); create policy p on users using (y = $$a$$)');
    await database.client.query('create view v as select y from users; alter table users add handle text');
    await database.client.query('drop table users cascade');
    await database.client.query('drop schema public cascade');
    await database.client.query(`create schema public; ${CREATE_USERS}`);
  }
  isChanging = false;
  await checking;
  expect([...seen]).toEqual(expect.arrayContaining(['error tableMissing', 'error columnMissing', 'error columnNeedsValue']));
}, 60_000);
