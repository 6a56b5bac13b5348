import { at, column, insert, type Row, storeOf, sub, version, write } from './stores';
import type { UserStoreError } from '../../../lambda-src/errors';
import type { Column } from '../../../lambda-src/user-row';
import type { DynamoDb, Item, TableKey } from '../../support/dynamo-db';

/** What an emulator does otherwise than DynamoDB. */
export interface Deviations {
  /** Maps and lists are never equal to each other. */
  readonly comparesNoDocuments?: boolean;
  /** Empty text is taken in the key of the table. */
  readonly takesEmptyKeys?: boolean;
  /** Empty text is taken in a key of an index. */
  readonly takesEmptyIndexKeys?: boolean;
}

/** What a store in DynamoDB does, whoever stands for DynamoDB. */
export function dynamoDbCases(started: () => DynamoDb, { comparesNoDocuments = false, takesEmptyKeys = false, takesEmptyIndexKeys = false }: Deviations = {}): void {
  let tables = 0;

  async function tableOf(key: TableKey = { id: 'S' }, indexes: Record<string, TableKey> = {}): Promise<string> {
    const name = `users-${tables += 1}`;
    await started().table(name, { key, indexes });
    return name;
  }

  /** A table of its own with its store. */
  async function stored(columns: readonly Column[], { key = { id: 'S' }, indexes }: { key?: TableKey; indexes?: Record<string, TableKey> } = {}) {
    const table = await tableOf(key, indexes);
    return {
      store: storeOf(started(), table, columns, { key: Object.keys(key) }),
      put: async (item: Item) => started().put(table, item),
      items: async () => started().items(table),
    };
  }

  const told = (results: readonly unknown[]) => results.map((result) => (typeof result === 'string' ? result : (({ name, failure, column: where, code }: UserStoreError) => ({ name, failure, column: where, code }))(result as UserStoreError)));

  describe('a user', () => {
    test('becomes one item, and a replay changes nothing', async () => {
      const { store, items } = await stored([sub('id'), column('email'), column('name')]);
      expect(await write(store, [{ id: 'ada', email: 'ada@example.com', name: null }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: 'ada@example.com', name: null }])).toEqual(['unchanged']);
      expect(await write(store, [{ id: 'ada', email: 'ada@example.org', name: 'Ada' }])).toEqual(['written']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, email: { S: 'ada@example.org' }, name: { S: 'Ada' } }]);
    });

    test('keeps what the application wrote, and what is not known', async () => {
      const { store, put, items } = await stored([sub('id'), column('email'), column('name')]);
      await put({ id: { S: 'ada' }, email: { S: 'old' }, name: { S: 'Ada' }, visits: { N: '7' }, tags: { SS: ['a', 'b'] } });
      expect(await write(store, [{ id: 'ada', email: 'new' }])).toEqual(['written']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, email: { S: 'new' }, name: { S: 'Ada' }, visits: { N: '7' }, tags: { SS: ['a', 'b'] } }]);
    });

    test('has no attribute where there is no value, so that an index leaves the item out', async () => {
      const { store, items } = await stored([sub('id'), column('email')], { indexes: { byEmail: { email: 'S' } } });
      await write(store, [{ id: 'ada', email: 'ada@example.com' }]);
      expect(await write(store, [{ id: 'ada', email: null }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: null }])).toEqual(['unchanged']);
      expect(await items()).toEqual([{ id: { S: 'ada' } }]);
    });

    test('may be nothing but a key', async () => {
      const { store, items } = await stored([sub('id')]);
      expect(await write(store, [{ id: 'ada' }, { id: 'ada' }])).toEqual(['written', 'unchanged']);
      expect(await items()).toEqual([{ id: { S: 'ada' } }]);
    });

    test('may have more attributes than a condition has room for: a replay is then written once more', async () => {
      const names = (count: number) => Array.from({ length: count }, (_, index) => `value-${index}`);
      const { store, items } = await stored([sub('id'), ...names(120).map((name) => column(name))]);
      const row = (count: number) => ({ id: 'ada', ...Object.fromEntries(names(count).map((name) => [name, name])) });
      const wide = row(120);
      expect(await write(store, [wide, wide])).toEqual(['written', 'written']);
      expect(await items()).toEqual([Object.fromEntries(Object.entries(wide).map(([name, value]) => [name, { S: value }]))]);
      expect(await write(store, [row(70), row(20)])).toEqual(['unchanged', 'unchanged']);
    });

    test('may have a key of two attributes, one of them a number', async () => {
      const { store, items } = await stored([column('9'), column('kind', { kind: 'integer' }), column('email')], { key: { 9: 'S', kind: 'N' } });
      expect(await write(store, [{ 9: 'USER#ada', kind: '+01', email: 'a' }, { 9: 'USER#ada', kind: '2', email: 'b' }])).toEqual(['written', 'written']);
      expect(await write(store, [{ 9: 'USER#ada', kind: '1', email: 'a' }])).toEqual(['unchanged']);
      expect((await items()).map(({ kind, email }) => [kind.N, email.S])).toEqual([['1', 'a'], ['2', 'b']]);
    });

    test('may have attributes of any name, as reserved words and those that look like expressions', async () => {
      const names = ['name', 'date', 'size', '#0', ':0', 'a.b', 'a[0]', 'with space', 'ünïcødé', 'SET x = :y', '0'];
      const { store, items } = await stored([sub('id'), ...names.map((name) => column(name))]);
      const row: Row = { id: 'ada', ...Object.fromEntries(names.map((name) => [name, `the ${name}`])) };
      expect(await write(store, [row])).toEqual(['written']);
      expect(await write(store, [row])).toEqual(['unchanged']);
      expect(await items()).toEqual([Object.fromEntries(Object.entries(row).map(([name, value]) => [name, { S: value }]))]);
    });
  });

  describe('values', () => {
    test.each<[Column['kind'], string, object]>([
      ['text', '', { S: '' }],
      ['text', 'true', { S: 'true' }],
      ['uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', { S: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' }],
      ['date', '2026-01-31', { S: '2026-01-31' }],
      ['timestamp', at(5), { S: at(5) }],
      ['boolean', 'true', { BOOL: true }],
      ['boolean', 'false', { BOOL: false }],
      ['integer', '+0042', { N: '42' }],
      ['integer', '12345678901234567890123456789012345678', { N: '12345678901234567890123456789012345678' }],
      ['numeric', '.5', { N: '0.5' }],
      ['numeric', '-1.50e1', { N: '-15' }],
      ['json', '{"a":[1,true,null,"x",{}],"n":1234567890123456789.5}', { M: { a: { L: [{ N: '1' }, { BOOL: true }, { NULL: true }, { S: 'x' }, { M: {} }] }, n: { N: '1234567890123456789.5' } } }],
      ['json', '"text"', { S: 'text' }],
    ])('of kind %s have a type of DynamoDB\'s: %s', async (kind, text, expected) => {
      const { store, items } = await stored([sub('id'), column('value', { kind })]);
      expect(await write(store, [{ id: 'ada', value: text }])).toEqual(['written']);
      if (!(kind === 'json' && comparesNoDocuments)) expect(await write(store, [{ id: 'ada', value: text }])).toEqual(['unchanged']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, value: expected }]);
    });

    test('that DynamoDB cannot hold are refused with their column, and the other rows are written', async () => {
      const { store, items } = await stored([sub('id'), column('n', { kind: 'numeric' }), column('j', { kind: 'json' })]);
      const results = await write(store, [{ id: 'a', n: '1e126' }, { id: 'b', n: '123456789012345678901234567890123456789' }, { id: 'c', n: '7' }, { id: 'd', j: '{"n":1e-131}' }, { id: 'e', j: '['.repeat(33) + ']'.repeat(33) }]);
      const refused = (name: string) => ({ name: 'ColumnValueError', failure: 'permanent', column: name, code: undefined });
      expect(told(results)).toEqual([refused('n'), refused('n'), 'written', refused('j'), refused('j')]);
      expect(await items()).toEqual([{ id: { S: 'c' }, n: { N: '7' } }]);
    });

    test('that make an item too large, or its key empty, are this user\'s fault alone', async () => {
      const { store } = await stored([sub('id'), column('email')], { indexes: { byEmail: { email: 'S' } } });
      const results = await write(store, [{ id: 'a', email: 'x'.repeat(500_000) }, { id: 'b', email: 'b' }, { id: '', email: 'c' }, { id: 'd', email: '' }]);
      const refused = { name: 'UserStoreError', failure: 'permanent', column: undefined, code: 'ValidationException' };
      expect(told(results)).toEqual([refused, 'written', takesEmptyKeys ? 'written' : refused, takesEmptyIndexKeys ? 'written' : refused]);
    });
  });

  describe('a column that is written', () => {
    const columns = [sub('id'), column('email'), column('name', { write: 'whileNull' }), column('campaign', { write: 'onInsert' })];

    test('on insert only is never written to an item that is there, not even where it is missing', async () => {
      const { store, put, items } = await stored(columns);
      await put({ id: { S: 'ada' }, email: { S: 'old' } });
      expect(await write(store, [{ id: 'ada', email: 'new', name: null, campaign: 'forged' }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: 'new', name: null, campaign: 'forged' }])).toEqual(['unchanged']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, email: { S: 'new' } }]);
    });

    test('on insert only is there in a new item, and stays', async () => {
      const { store, items } = await stored(columns);
      expect(await write(store, [{ id: 'ada', email: '1', name: null, campaign: 'spring' }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: '2', name: null, campaign: 'autumn' }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: '2', name: null, campaign: null }])).toEqual(['unchanged']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, email: { S: '2' }, campaign: { S: 'spring' } }]);
    });

    test('while it is null is written once', async () => {
      const { store, items } = await stored(columns);
      expect(await write(store, [{ id: 'ada', email: '1', name: null }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: '1', name: 'Ada' }])).toEqual(['written']);
      expect(await write(store, [{ id: 'ada', email: '1', name: 'Eve' }])).toEqual(['unchanged']);
      expect(await write(store, [{ id: 'ada', email: '2', name: 'Eve' }])).toEqual(['written']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, email: { S: '2' }, name: { S: 'Ada' } }]);
    });
  });

  describe('an observation', () => {
    const columns = [sub('id'), column('email'), column('campaign', { write: 'onInsert' }), version('seen_at')];

    test.each([['with', 'spring'], ['without', null]])('never overwrites a newer one, %s a column that is written on insert only', async (_case, campaign) => {
      const { store, items } = await stored(columns);
      const row = (second: number) => ({ id: 'ada', email: `mail ${second}`, campaign, seen_at: at(second) });
      expect(await write(store, [row(5)])).toEqual(['written']);
      expect(await write(store, [row(4)])).toEqual(['unchanged']);
      expect(await write(store, [row(5)])).toEqual(['unchanged']);
      expect(await write(store, [row(6)])).toEqual(['written']);
      expect((await items()).map(({ email, seen_at: seen }) => [email.S, seen.S])).toEqual([['mail 6', at(6)]]);
    });

    test('leaves its stamp where nothing else is new', async () => {
      const { store, items } = await stored(columns);
      await write(store, [{ id: 'ada', email: 'a', seen_at: at(1) }]);
      expect(await write(store, [{ id: 'ada', email: 'a', seen_at: at(2) }])).toEqual(['written']);
      expect((await items())[0].seen_at).toEqual({ S: at(2) });
    });

    test.each<[string, Item]>([['has no stamp', {}], ['has a stamp of another type', { seen_at: { N: '1700000000' } }]])('is written to an item that %s', async (_case, stamp) => {
      const { store, put, items } = await stored(columns);
      await put({ id: { S: 'ada' }, email: { S: 'old' }, ...stamp });
      expect(await write(store, [{ id: 'ada', email: 'new', seen_at: at(1) }])).toEqual(['written']);
      expect(await items()).toEqual([{ id: { S: 'ada' }, email: { S: 'new' }, seen_at: { S: at(1) } }]);
    });
  });

  describe('where the key is not the user\'s sub', () => {
    const columns = [column('username'), sub('user_sub'), column('email'), column('campaign', { write: 'onInsert' })];
    const key: TableKey = { username: 'S' };

    test.each([['with', 'spring'], ['without', null]])('another user\'s item stays as it is, %s a column that is written on insert only', async (_case, campaign) => {
      const { store, items } = await stored(columns, { key });
      expect(await write(store, [{ username: 'ada', user_sub: '1', email: 'a', campaign }])).toEqual(['written']);
      const [stranger, other] = await write(store, [{ username: 'ada', user_sub: '2', email: 'b', campaign }, { username: 'bob', user_sub: '3', email: 'c', campaign }]);
      expect(told([stranger, other])).toEqual([{ name: 'UserStoreError', failure: 'permanent', column: 'user_sub', code: undefined }, 'written']);
      expect((stranger as UserStoreError).message).toMatch(/^the item with this key has no "user_sub", or another user's/);
      expect(await write(store, [{ username: 'ada', user_sub: '1', email: 'a', campaign }])).toEqual(['unchanged']);
      expect((await items()).map(({ user_sub: owner, email }) => [owner.S, email.S]).sort()).toEqual([['1', 'a'], ['3', 'c']]);
    });

    test.each([['with', 'spring'], ['without', null]])('an item that says of nobody whose it is is not for whoever comes first, %s a column that is written on insert only', async (_case, campaign) => {
      const { store, put, items } = await stored(columns, { key });
      await put({ username: { S: 'ada' }, role: { S: 'cfo' } });
      const row = { username: 'ada', user_sub: '1', email: 'a', campaign };
      const [stranger] = await write(store, [row]);
      expect(stranger).toMatchObject({ failure: 'permanent', column: 'user_sub', message: expect.stringMatching(/has no "user_sub".* set the attribute to their sub/) });
      expect(await items()).toEqual([{ username: { S: 'ada' }, role: { S: 'cfo' } }]);
      await put({ username: { S: 'ada' }, role: { S: 'cfo' }, user_sub: { S: '1' } });
      expect(await write(store, [row, row])).toEqual(['written', 'unchanged']);
      expect(await items()).toEqual([{ username: { S: 'ada' }, user_sub: { S: '1' }, email: { S: 'a' }, role: { S: 'cfo' } }]);
    });
  });

  describe('who waited and may be late', () => {
    test('is inserted, and an item that is there stays', async () => {
      const { store, items } = await stored([sub('id'), column('email'), column('name', { write: 'whileNull' }), column('campaign', { write: 'onInsert' })]);
      expect(await insert(store, [{ id: 'ada', email: 'a', name: null, campaign: 'spring' }])).toEqual(['written']);
      expect(await insert(store, [{ id: 'ada', email: 'late', name: 'Ada', campaign: 'late' }, { id: 'bob', email: 'b', name: 'Bob', campaign: null }])).toEqual(['unchanged', 'written']);
      expect((await items()).sort((one, other) => one.id.S!.localeCompare(other.id.S!))).toEqual([
        { id: { S: 'ada' }, email: { S: 'a' }, campaign: { S: 'spring' } },
        { id: { S: 'bob' }, email: { S: 'b' }, name: { S: 'Bob' } },
      ]);
    });
  });

  describe('many rows', () => {
    test('of one key are written in their order', async () => {
      const { store, items } = await stored([sub('id'), column('email')]);
      const rows = Array.from({ length: 60 }, (_, index) => ({ id: `user-${index % 3}`, email: `mail ${index}` }));
      expect(await write(store, rows)).toEqual(rows.map(() => 'written'));
      expect((await items()).map(({ email }) => email.S).sort()).toEqual(['mail 57', 'mail 58', 'mail 59']);
    });

    test('of one user from two writers at a time end with the newest', async () => {
      const { store, items } = await stored([sub('id'), column('email'), column('campaign', { write: 'onInsert' }), version('seen_at')]);
      const seconds = Array.from({ length: 20 }, (_, index) => (index * 7) % 20);
      await Promise.all(seconds.map((second) => write(store, [{ id: 'ada', email: `mail ${second}`, campaign: `${second}`, seen_at: at(second) }])));
      const [item, ...others] = await items();
      expect(others).toEqual([]);
      expect([item.email, item.seen_at]).toEqual([{ S: 'mail 19' }, { S: at(19) }]);
    });
  });

  describe('columns without end', () => {
    test('are written, although no condition that compares them all fits', async () => {
      const names = Array.from({ length: 150 }, (_, index) => `column ${index}`);
      const { store, items } = await stored([sub('id'), ...names.map((name) => column(name))]);
      const row = { id: 'ada', ...Object.fromEntries(names.map((name) => [name, name])) };
      expect(await write(store, [row])).toEqual(['written']);
      expect(await write(store, [row])).toEqual(['written']);
      expect(Object.keys((await items())[0])).toHaveLength(151);
    });
  });

  describe('what is wrong for all rows is thrown:', () => {
    test('a table that is not there', async () => {
      const store = storeOf(started(), 'nowhere', [sub('id'), column('email')]);
      await expect(write(store, Array.from({ length: 40 }, (_, index) => ({ id: `user-${index}`, email: 'a' })))).rejects.toMatchObject({ failure: 'misconfigured', code: 'ResourceNotFoundException', message: expect.stringMatching(/check its name and Region/) });
    });
  });

  describe('what is wrong with the key is told of each row:', () => {
    test.each<[string, TableKey, readonly Column[]]>([
      ['another attribute', { user_id: 'S' }, [sub('id')]],
      ['one attribute of two', { id: 'S', kind: 'S' }, [sub('id')]],
      ['an attribute of another type', { id: 'N' }, [sub('id')]],
    ])('%s', async (_case, key, columns) => {
      const store = storeOf(started(), await tableOf(key), [...columns, column('email')], { key: columns.map(({ name }) => name) });
      const [error] = await write(store, [{ id: 'ada', email: 'a' }]) as [UserStoreError];
      expect(error).toMatchObject({ failure: 'misconfigured', code: 'ValidationException', message: expect.stringMatching(/the table's key/) });
    });
  });
}
