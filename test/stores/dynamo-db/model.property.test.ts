import fc from 'fast-check';
import { at, column, insert, type Row, storeOf, sub, version, write } from './stores';
import { startDynamoDb, type Dynalite, type Item } from '../../support/dynamo-db';

let dynamoDb: Dynalite;
let runs = 0;
beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  await dynamoDb.table('users', { key: { id: 'S' } });
});
afterAll(() => dynamoDb?.stop());

const MAPPED = [column('email'), column('points', { kind: 'numeric' }), column('name', { write: 'whileNull' }), column('campaign', { write: 'onInsert' })];
const textOrNull = fc.constantFrom('', 'a', 'b', null);
const known = fc.record({ email: textOrNull, points: fc.constantFrom('1', '1.0', '+2', null), name: textOrNull, campaign: textOrNull }, { requiredKeys: [] });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('write' as const), owner: fc.constantFrom('ada', 'ada', 'ada', 'eve'), second: fc.nat(4), row: known }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('insert' as const), owner: fc.constantFrom('ada', 'eve'), second: fc.nat(4), row: known }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('application' as const), attribute: fc.constantFrom('email', 'name', 'campaign', 'visits', 'owner'), value: fc.constantFrom('app', null) }) },
);

/** The whole of what a store in DynamoDB promises, for one item. */
class Model {
  item?: Map<string, string>;

  constructor(private readonly isVersioned: boolean, private readonly isGuarded: boolean) {}

  write(row: Row, insertOnly: boolean): string {
    const { item } = this;
    const values = Object.entries(row).map(([name, text]) => [name, name === 'points' && text !== null ? String(Number(text)) : text] as const);
    if (!item) {
      this.item = new Map(values.filter((entry): entry is [string, string] => entry[1] !== null));
      return 'written';
    }
    if (insertOnly) return 'unchanged';
    if (this.isGuarded && item.get('owner') !== row.owner) return 'permanent';
    if (this.isVersioned && item.has('seen_at') && item.get('seen_at')! >= row.seen_at!) return 'unchanged';
    const before = JSON.stringify([...item].sort());
    for (const [name, value] of values) {
      if (name === 'campaign' || (name === 'name' && (item.has('name') || value === null))) continue;
      if (value === null) item.delete(name);
      else item.set(name, value);
    }
    return this.isVersioned || JSON.stringify([...item].sort()) !== before ? 'written' : 'unchanged';
  }
}

test.each([[false, false], [true, false], [false, true], [true, true]])('any sequence ends as the rules say (with a version: %s, with a key that is not sub: %s)', async (isVersioned, isGuarded) => {
  const columns = [isGuarded ? column('id') : sub('id'), ...isGuarded ? [sub('owner')] : [], ...MAPPED, ...isVersioned ? [version('seen_at')] : []];
  const store = storeOf(dynamoDb, 'users', columns);
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
    const id = `user-${runs += 1}`;
    const model = new Model(isVersioned, isGuarded);
    for (const each of steps) {
      if (each.does === 'application') {
        if (!model.item) continue;
        if (each.value === null) model.item.delete(each.attribute);
        else model.item.set(each.attribute, each.value);
        await dynamoDb.put('users', itemOf(model.item));
        continue;
      }
      const row = { id, ...isGuarded && { owner: each.owner }, ...each.row, ...isVersioned && { seen_at: at(each.second) } };
      const [result] = await (each.does === 'insert' ? insert : write)(store, [row]);
      expect(typeof result === 'string' ? result : result.failure).toBe(model.write(row, each.does === 'insert'));
    }
    expect(await dynamoDb.item('users', { id: { S: id } })).toEqual(model.item && itemOf(model.item));
  }), { numRuns: 25 });
}, 60_000);

function itemOf(values: ReadonlyMap<string, string>): Item {
  return Object.fromEntries([...values].map(([name, value]) => [name, name === 'points' ? { N: value } : { S: value }]));
}
