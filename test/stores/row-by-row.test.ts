import { setTimeout as sleep } from 'node:timers/promises';
import { Deadline } from '../../lambda-src/deadline';
import { ColumnValueError, type Failure, UserStoreError, type UserSyncError } from '../../lambda-src/errors';
import { rowByRow, timeForOneAnswer } from '../../lambda-src/stores/row-by-row';
import type { WriteOutcome } from '../../lambda-src/user-store';

interface Row {
  readonly user: string;
  readonly does: () => Promise<WriteOutcome>;
}

const taken = (user: string): Row => ({ user, does: async () => 'written' });
const fails = (user: string, failure: Failure, details = {}): Row => ({ user, does: async () => { throw new UserStoreError(failure, `${user} failed`, details); } });
const times = (count: number, row: (index: number) => Row) => Array.from({ length: count }, (_, index) => row(index));

/** Results, and who was asked for. */
async function run(rows: ReadonlyArray<Row | UserSyncError>, millis = 1_000) {
  const asked: string[] = [];
  const results = await rowByRow(rows, {
    userOf: ({ user }) => user,
    atOnce: 4,
    deadline: Deadline.after(millis),
    write: async ({ user, does }) => {
      asked.push(user);
      return does();
    },
  }).catch((error: UserSyncError) => error);
  return { results, asked };
}

test('one user\'s rows are written in order, and others\' beside them', async () => {
  const order: string[] = [];
  const slow = (user: string, name: string, millis: number): Row => ({ user, does: async () => { await sleep(millis); order.push(name); return 'written'; } });
  await run([slow('ada', 'first', 40), slow('ada', 'second', 0), slow('bob', 'other', 10)]);
  expect(order).toEqual(['other', 'first', 'second']);
});

test('a failure is everybody\'s where a whole round failed and nobody was taken', async () => {
  const { results, asked } = await run(times(30, (index) => fails(`user-${index}`, 'misconfigured')));
  expect(results).toMatchObject({ failure: 'misconfigured' });
  expect(asked.length).toBeLessThanOrEqual(8);
});

test.each<[string, Row | UserSyncError]>([['was taken', taken('ada')], ['was refused for what is in them', fails('ada', 'permanent')]])('and is not where somebody %s', async (_case, first) => {
  const { results } = await run([first, ...times(10, (index) => fails(`user-${index}`, 'transient'))]);
  expect(results).toHaveLength(11);
});

test('who cannot be asked for at all says nothing of the others', async () => {
  const { results, asked } = await run([new ColumnValueError('n', 'is wrong'), ...times(10, (index) => fails(`user-${index}`, 'transient'))]);
  expect(results).toMatchObject({ failure: 'transient' });
  expect(asked.length).toBeLessThanOrEqual(8);
});

test('time alone is nobody\'s failure: who was done is told, and the others come again', async () => {
  const lost = times(8, (index) => fails(`lost-${index}`, 'transient', { code: 'ETIMEDOUT' }));
  const slow: Row = { user: 'slow', does: async () => { await sleep(60); return 'written'; } };
  expect((await run([...lost, taken('ada')])).results).toEqual([...lost.map(() => expect.objectContaining({ code: 'ETIMEDOUT' })), 'written']);
  const { results, asked } = await run([...times(4, (index) => ({ ...slow, user: `slow-${index}` })), ...times(4, (index) => taken(`late-${index}`))], 30);
  expect(results).toEqual([...Array(4).fill('written'), ...Array(4).fill(expect.objectContaining({ failure: 'transient', code: 'ETIMEDOUT' }))]);
  expect(asked).toHaveLength(4);
});

test.each([[60, 1], [0, 10]])('who asks to be left alone for %i seconds is asked for no more than a round of the others', async (retryAfterSeconds, least) => {
  const { results, asked } = await run([taken('ada'), fails('bob', 'transient', { retryAfterSeconds }), ...times(10, (index) => ({ user: `user-${index}`, does: async () => { await sleep(5); return 'written'; } }))]);
  expect(results).toHaveLength(12);
  if (retryAfterSeconds === 0) expect(asked).toHaveLength(12);
  else expect((results as unknown[]).filter((result) => result !== 'written')).toEqual(Array(12 - asked.length + 1).fill(expect.objectContaining({ failure: 'transient', retryAfterSeconds })));
  expect(asked.length).toBeGreaterThanOrEqual(least);
});

test('one answer may take a part of the time where others wait, and all of it where nobody does', () => {
  const deadline = Deadline.after(20_000);
  expect(timeForOneAnswer(deadline, 1)).toBe(deadline);
  expect(Math.round(timeForOneAnswer(deadline, 2).remaining() / 100)).toBe(50);
  expect(Math.round(timeForOneAnswer(Deadline.after(2_000), 2).remaining() / 100)).toBe(10);
  expect(timeForOneAnswer(Deadline.after(300), 2).remaining()).toBeLessThanOrEqual(300);
});
