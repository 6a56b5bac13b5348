import fc from 'fast-check';
import { bulkStore, column, singleStore, write } from './stores';
import type { WriteResult } from '../../../lambda-src/user-store';
import { useDatabase } from '../../support/database';

/** Column, its type, its kind, and values of which the last one may be refused. */
const COLUMNS = [
  ['t', 'text', 'text', ['', 'a', 'NULL', '{"\\']],
  ['v', 'varchar(4)', 'text', ['four', 'gap   ', 'too long']],
  ['n', 'numeric(6,2)', 'numeric', ['1', '1.00', '1.004', '-0', '99999']],
  ['i', 'integer', 'integer', ['7', '-1', '99999999999']],
  ['b', 'boolean', 'boolean', ['true', 'false']],
  ['u', 'uuid', 'uuid', ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  ['d', 'date', 'date', ['2026-01-01', '2026-01-02']],
  ['s', 'timestamptz(0)', 'timestamp', ['2026-01-01T00:00:00.400Z', '2026-01-01T00:00:00.600Z']],
  ['j', 'json', 'json', ['{"a":1,"b":2}', '{"b":2,"a":1}', '[]']],
  ['l', 'text[]', 'text', ['{}', '{a,"b,c"}', '{']],
] as const;

const STAMPS = [1, 2, 3].map((second) => `2026-01-01T00:00:0${second}.000Z`);
const DEFINITION = `(org text, id text, ${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')}, seen_at timestamptz, app text default 'kept', primary key (org, id))`;

const writes = fc.constantFrom('always', 'onInsert', 'whileNull');
const mapping = fc.record({
  writes: fc.tuple(...COLUMNS.map(() => writes)),
  versioned: fc.boolean(),
});
const unknownOr = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 5 });
const user = fc.record({
  org: fc.constantFrom('one', 'two'),
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  values: fc.tuple(...COLUMNS.map(([,,, values]) => unknownOr(fc.option(fc.constantFrom<string>(...values), { freq: 5 })))),
  seenAt: fc.constantFrom(...STAMPS),
});

describe.each([14, 18] as const)('PostgreSQL %i', (version) => {
  const database = useDatabase({ version, tables: `create table single ${DEFINITION}; create table bulk ${DEFINITION}` });

  test('many rows leave exactly the table that the same rows leave one by one, and tell the same of each', async () => {
    await fc.assert(fc.asyncProperty(mapping, fc.array(fc.array(user, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }), async (mapped, calls) => {
      await database.client.query('truncate single, bulk');
      const columns = [
        column('org'), column('id'),
        ...COLUMNS.map(([name,, kind], index) => column(name, { kind, write: mapped.writes[index] })),
        ...mapped.versioned ? [column('seen_at', { kind: 'timestamp', isVersion: true })] : [],
      ];
      const writing = { connectionString: database.connectionString(), key: ['org', 'id'], columns };
      const bulk = bulkStore({ ...writing, table: 'bulk' });
      const single = singleStore({ ...writing, table: 'single' });
      for (const users of calls) {
        const rows = users.map(({ org, id, values, seenAt }) => ({
          org,
          id,
          ...Object.fromEntries(COLUMNS.flatMap(([name], index) => (values[index] === undefined ? [] : [[name, values[index]]]))),
          ...mapped.versioned && { seen_at: seenAt },
        }));
        expect((await write(bulk, rows)).map(toldOf)).toEqual((await write(single, rows)).map(toldOf));
      }
      const left = async (table: string) => database.rows(`select *, n::text, s::text, j::text, l::text from ${table} order by org, id`);
      expect(await left('bulk')).toEqual(await left('single'));
    }), { numRuns: 60 });
  }, 60_000);
});

/** Which of two faults of a row is told depends on which is met first. */
function toldOf(result: WriteResult): string {
  return typeof result === 'string' ? result : result.failure;
}
