import fc from 'fast-check';
import type { LogLine } from '../../lambda-src/delivery/log';
import { createPostConfirmationHandler } from '../../lambda-src/handler';
import { useDatabase } from '../support/database';

const database = useDatabase();
let written = '';

/** Long enough not to be a word of ours by chance, and marked, so that it can be looked for in what is logged. */
const CANARY = 'cAnArY';
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', ' ', '\0', '\ud800', "'", '"', '\\', '$1', '{}', 'null', 'true', '؀‏ع', '👩‍👩‍👧‍👦', '{"__proto__":{}}'),
).map((value) => `${CANARY}${value}`);

beforeAll(() => {
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
});
afterAll(() => jest.restoreAllMocks());

const handler = () => createPostConfirmationHandler({
  database: { connectionString: database.connectionString(), table: 'public.users' },
  columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: { from: 'custom:handle', fallback: 'nobody' } },
});

test('any confirmed user becomes exactly their row, or a named error, and no value is ever logged', async () => {
  const sync = handler();
  const attribute = fc.option(text, { nil: undefined });
  await fc.assert(fc.asyncProperty(fc.uuid(), attribute, attribute, attribute, fc.dictionary(fc.string(), text), async (sub, email, name, handle, others) => {
    written = '';
    const userAttributes = Object.fromEntries(Object.entries({ ...others, sub, email, name, 'custom:handle': handle }).filter(([, value]) => value !== undefined));
    delete userAttributes['cognito:email_alias'];
    const event = { triggerSource: 'PostConfirmation_ConfirmSignUp', request: { userAttributes: userAttributes as Record<string, string> } };
    expect(await sync(event)).toBe(event);

    const [line, ...more] = written.trim().split('\n');
    expect(more).toEqual([]);
    expect(line).not.toContain(CANARY);
    const { outcome, error } = JSON.parse(line) as LogLine;
    const rows = await database.rows('select * from public.users where cognito_user_id = $1', [sub]);
    if ([email, name, handle].every((value) => value === undefined || (value.isWellFormed() && !value.includes('\0')))) {
      expect(outcome).toBe('written');
      expect(rows).toEqual([{ cognito_user_id: sub, email: email ?? null, display_name: name ?? null, handle: handle ?? 'nobody' }]);
    } else {
      expect(outcome).toBe('unrecorded');
      expect(error).toMatchObject({ name: expect.stringMatching(/^(ColumnValueError|UserStoreError)$/), failure: 'permanent' });
      expect(rows).toEqual([]);
    }
  }), { numRuns: 500 });
});

test('anything at all comes back as it went in, and is never thrown at', async () => {
  const sync = handler();
  const anything = fc.anything({ withBigInt: false, values: [text, fc.boolean(), fc.integer(), fc.constant(null)] });
  const almost = fc.record({
    triggerSource: fc.constantFrom('PostConfirmation_ConfirmSignUp', 'PostConfirmation_ConfirmForgotPassword'),
    request: fc.oneof(anything, fc.record({ userAttributes: fc.oneof(anything, fc.dictionary(fc.string(), anything)), clientMetadata: anything }, { requiredKeys: [] })),
    userName: anything,
    userPoolId: anything,
  }, { requiredKeys: ['triggerSource'] });
  await fc.assert(fc.asyncProperty(fc.oneof(anything, almost), async (event) => {
    written = '';
    expect(await sync(event as never)).toBe(event);
    const lines = written.trim().split('\n').map((line) => JSON.parse(line) as LogLine);
    // The sub and the trigger source are what a log line is allowed to name.
    expect(lines.map(({ sub: _sub, triggerSource, ...line }) => JSON.stringify(line)).join()).not.toContain(CANARY);
    expect(lines).toHaveLength(1);
    expect(lines[0].error?.name ?? 'none').toMatch(/^(none|TriggerEventError|ColumnValueError|UserStoreError)$/);
  }), { numRuns: 500 });
});
