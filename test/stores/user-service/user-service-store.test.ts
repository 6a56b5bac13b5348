import { setTimeout as sleep } from 'node:timers/promises';
import { column, COLUMNS, KEY, mapped, row, storeAt, written } from './stores';
import { userOfTriggerEvent } from '../../../lambda-src/sources/trigger-event';
import { recordedEvent } from '../../support/events';
import { startUserService, type UserService } from '../../support/user-service';
import { answers, waits } from '../../support/user-service-misbehaviour';

let service: UserService;

beforeEach(async () => {
  service = await startUserService({ version: 'seenAt' });
});
afterEach(() => service.stop());

const bodies = () => service.requests.map(({ body }) => JSON.parse(body));
const lines = () => service.requests.map(({ method, path, status, headers }) => `${method} ${path}${headers['if-none-match'] ? ' if new' : ''}: ${status}`);

describe('a PUT', () => {
  test('makes the user, and then changes them', async () => {
    const store = storeAt(service.url);
    expect(await written(store, [row('ada', { email: 'ada@example.com' })])).toEqual(['written']);
    expect(await written(store, [row('ada', { email: 'ada@example.org' }, 2)])).toEqual(['written']);
    expect(lines()).toEqual(['PUT /api/v1/users/ada: 201', 'PUT /api/v1/users/ada: 200']);
    expect([...service.users]).toEqual([['ada', { [KEY]: 'ada', email: 'ada@example.org' }]]);
  });

  test('leaves alone what the application wrote, and what nobody knows', async () => {
    service.users.set('ada', { [KEY]: 'ada', email: 'ada@example.com', plan: 'pro' });
    expect(await written(storeAt(service.url), [row('ada', {})])).toEqual(['written']);
    expect(bodies()).toEqual([{ [KEY]: 'ada' }]);
    expect(service.users.get('ada')).toEqual({ [KEY]: 'ada', email: 'ada@example.com', plan: 'pro' });
  });

  test('tells what it is and who sends it, and nothing personal', async () => {
    await written(storeAt(service.url), [row('ada')]);
    expect(service.requests[0].headers).toEqual({
      'connection': 'keep-alive',
      'content-length': expect.any(String),
      'content-type': 'application/json',
      'host': new URL(service.url).host,
      'idempotency-key': expect.stringMatching(/^"ada:1:[\w-]{12}"$/),
      'user-agent': 'cognito-user-sync',
    });
  });

  test.each([
    ['a/b', 'a%2Fb'],
    ['../admin', '..%2Fadmin'],
    ['Ærøskøbing 🦉', '%C3%86r%C3%B8sk%C3%B8bing%20%F0%9F%A6%89'],
    ['USER#1?a=b&c', 'USER%231%3Fa%3Db%26c'],
    ['100%', '100%25'],
    ['it\'s (me)!*', 'it%27s%20%28me%29%21%2A'],
    ['...', '...'],
  ])('names the user %p as one segment of the path', async (sub, segment) => {
    expect(await written(storeAt(service.url), [row(sub)])).toEqual(['written']);
    expect(service.requests[0].path).toBe(`/api/v1/users/${segment}`);
    expect(decodeURIComponent(segment)).toBe(sub);
  });

  test.each(['', '.', '..', '\ud800'])('a key %p that servers would resolve to something else is refused, and nobody else', async (sub) => {
    expect(await written(storeAt(service.url), [row(sub), row('ada')])).toEqual([{ name: 'UserStoreError', failure: 'permanent' }, 'written']);
    expect([...service.users.keys()]).toEqual(['ada']);
  });

  test('goes below the path of the URL and before its query string, with every part of the key', async () => {
    const store = storeAt(`${service.url}/?api=2&x=%2F`, { key: ['tenant', KEY], columns: [column('tenant'), ...COLUMNS] });
    await written(store, [row('ada', { tenant: 'a b' })]);
    expect(service.requests[0].path).toBe('/api/v1/users/a%20b/ada?api=2&x=%2F');
  });

  test('an older observation than the service\'s own is done with', async () => {
    const store = storeAt(service.url, { columns: [...COLUMNS, column('seenAt', { kind: 'timestamp', isVersion: true })] });
    const newer = row('ada', { email: 'new@example.com', seenAt: '2026-01-02T00:00:00.000Z' }, 2);
    expect(await written(store, [newer])).toEqual(['written']);
    expect(await written(store, [row('ada', { email: 'old@example.com', seenAt: '2026-01-01T00:00:00.000Z' })])).toEqual(['unchanged']);
    expect(service.users.get('ada')?.email).toBe('new@example.com');
  });

  test('of one user twice in a batch keeps their order, even where the first takes longer', async () => {
    service.next.push(waits(50));
    const changes = [row('ada', { email: 'old@example.com' }), row('ada', { email: 'new@example.com' }, 2)];
    expect(await written(storeAt(service.url), changes)).toEqual(['written', 'written']);
    expect(service.users.get('ada')?.email).toBe('new@example.com');
  });
});

describe('columns on insert', () => {
  const columns = [...COLUMNS, column('invitedBy', { write: 'onInsert' })];
  const ada = (observedAt: number, email = 'ada@example.com') => row('ada', { email, invitedBy: `number ${observedAt}` }, observedAt);

  test('are written with a new user in one request, and never again', async () => {
    const store = storeAt(service.url, { columns });
    expect(await written(store, [ada(1)])).toEqual(['written']);
    expect(await written(store, [ada(2, 'new@example.com')])).toEqual(['written']);
    expect(lines()).toEqual(['PUT /api/v1/users/ada if new: 201', 'PUT /api/v1/users/ada if new: 412', 'PUT /api/v1/users/ada: 200']);
    expect(service.users.get('ada')).toEqual({ [KEY]: 'ada', email: 'new@example.com', invitedBy: 'number 1' });
  });

  test('cost no request where the row has none', async () => {
    expect(await written(storeAt(service.url, { columns }), [row('ada')])).toEqual(['written']);
    expect(lines()).toEqual(['PUT /api/v1/users/ada: 201']);
  });

  test('beside the key alone leave nothing to change', async () => {
    const store = storeAt(service.url, { columns: [columns[0], columns[2]] });
    expect(await written(store, [row('ada', { invitedBy: 'bob' })])).toEqual(['written']);
    expect(await written(store, [row('ada', { invitedBy: 'eve' }, 2)])).toEqual(['unchanged']);
    expect(lines()).toHaveLength(2);
  });

  test('that the application may fill in between cannot be asked for', () => {
    expect(() => storeAt(service.url, { columns: [...COLUMNS, column('nickname', { write: 'whileNull' })] })).toThrow(/column "nickname" has write "whileNull"/);
    expect(() => storeAt(service.url, { method: 'POST', columns: [...COLUMNS, column('nickname', { write: 'whileNull' })] })).not.toThrow();
  });
});

test('who waited is made, and who is there stays as they are', async () => {
  const store = storeAt(service.url);
  expect(await written(store, [row('ada')], 3_000, 'insert')).toEqual(['written']);
  expect(await written(store, [row('ada', { email: 'old@example.com' }, 2)], 3_000, 'insert')).toEqual(['unchanged']);
  expect(service.users.get('ada')?.email).toBe('ada@example.com');
});

test.each([200, 202, 204])('who waited is not taken for written by %i, which a service says that knows no conditions', async (status) => {
  service.instead = answers(status, {}, '');
  expect(await written(storeAt(service.url), [row('ada')], 3_000, 'insert')).toEqual(['unchanged']);
  expect(await written(storeAt(service.url, { method: 'POST' }), [row('ada')], 3_000, 'insert')).toEqual(['written']);
});

describe('a POST', () => {
  test('makes the user, and leaves who is there as they are', async () => {
    const store = storeAt(`${service.url}?api=2`, { method: 'POST' });
    expect(await written(store, [row('ada')])).toEqual(['written']);
    expect(await written(store, [row('ada', { email: 'new@example.com' }, 2)])).toEqual(['unchanged']);
    expect(await written(store, [row('ada', { email: 'new@example.com' }, 3)], 3_000, 'insert')).toEqual(['unchanged']);
    expect(lines()).toEqual(['POST /api/v1/users?api=2: 201', 'POST /api/v1/users?api=2: 409', 'POST /api/v1/users?api=2: 409']);
    expect(service.users.get('ada')?.email).toBe('ada@example.com');
  });

  test('cannot keep the time of the last observation', () => {
    expect(() => storeAt(service.url, { method: 'POST', columns: [...COLUMNS, column('seenAt', { isVersion: true })] })).toThrow(/column "seenAt" .* give it write "onInsert"/);
  });
});

describe('the key of a request', () => {
  const keys = () => service.requests.map(({ headers }) => headers['idempotency-key']);

  test('is the same for one observation, and another for each', async () => {
    const store = storeAt(service.url);
    await written(store, [row('ada')]);
    await written(store, [row('ada')]);
    await written(store, [row('ada', undefined, 2)]);
    await written(store, [row('bob')]);
    expect(keys()[0]).toBe(keys()[1]);
    expect(new Set(keys()).size).toBe(3);
    expect(service.writes).toHaveLength(3);
  });

  test('differs between the two requests for one user, and where the mapping has changed', async () => {
    const columns = [...COLUMNS, column('invitedBy', { write: 'onInsert' })];
    service.users.set('ada', {});
    await written(storeAt(service.url, { columns }), [row('ada', { email: 'a', invitedBy: 'b' })]);
    await written(storeAt(service.url), [row('ada', { email: 'b' })]);
    await written(storeAt(service.url), [row('ada', { email: 'b' })], 3_000, 'insert');
    expect(new Set(keys()).size).toBe(4);
  });

  test('is one that a header takes, whatever the user is called', async () => {
    expect(await written(storeAt(service.url), [row('a\r\nx-evil: 1'), row('🦉')])).toEqual(['written', 'written']);
    expect(keys()[0]).toMatch(/^"a__x-evil:_1:1:[\w-]{12}"$/);
    expect(service.requests[0].headers).not.toHaveProperty('x-evil');
  });
});

describe('a batch', () => {
  test('goes side by side, over connections that are kept for no longer than it takes', async () => {
    const rows = Array.from({ length: 30 }, (_, index) => row(`user-${index}`));
    expect(await written(storeAt(service.url), rows)).toEqual(rows.map(() => 'written'));
    expect(service.users.size).toBe(30);
    expect(service.connections).toBeLessThanOrEqual(5);
    while (service.openConnections > 0) await sleep(5);
  });

  test('is written but for who is refused, or whom the service fails', async () => {
    service.instead = ({ request, response, take }) => {
      const status = request.path.endsWith('/bob') ? 422 : request.path.endsWith('/eve') ? 500 : take().status;
      response.writeHead(status).end();
    };
    expect(await written(storeAt(service.url), ['ada', 'bob', 'eve', 'zoe'].map((sub) => row(sub)), 600)).toEqual([
      'written', { name: 'UserStoreError', failure: 'permanent', code: 'HTTP 422' }, { name: 'UserStoreError', failure: 'transient', code: 'HTTP 500' }, 'written',
    ]);
  });

  test('goes on where some are taken, however many are not', async () => {
    service.instead = async ({ request, response, take }) => {
      if (request.path.includes('/eve')) return void response.writeHead(403).end();
      await sleep(50);
      response.writeHead(take().status).end();
    };
    const subs = ['eve-0', 'ada', ...Array.from({ length: 12 }, (_, index) => `eve-${index + 1}`)];
    const refused = { name: 'UserStoreError', failure: 'misconfigured', code: 'HTTP 403' };
    expect(await written(storeAt(service.url), ['eve', 'ada'].map((sub) => row(sub)))).toEqual([refused, 'written']);
    service.instead = ({ request, response, take }) => void response.writeHead(request.path.includes('/eve') ? 403 : take().status).end();
    expect(await written(storeAt(service.url), subs.map((sub) => row(sub)))).toEqual(subs.map((sub) => (sub === 'ada' ? 'written' : refused)));
  });

  test('is written although the service never answers for five of 305', async () => {
    service.instead = ({ request, response, take }) => {
      if (!request.path.includes('/hanging')) response.writeHead(take().status).end();
    };
    const rows = Array.from({ length: 305 }, (_, index) => row(index < 5 ? `hanging-${index}` : `user-${index}`));
    const lost = { name: 'UserStoreError', failure: 'transient', code: 'ETIMEDOUT' };
    expect(await written(storeAt(service.url), rows, 6_000)).toEqual([...Array(5).fill(lost), ...Array(300).fill('written')]);
    expect(service.requests).toHaveLength(305);
  });

  test('ends where the service fails one after the other', async () => {
    service.instead = answers(401);
    const rows = Array.from({ length: 30 }, (_, index) => row(`user-${index}`));
    await expect(written(storeAt(service.url), rows)).rejects.toMatchObject({ name: 'UserStoreError', failure: 'misconfigured', code: 'HTTP 401' });
    expect(service.requests.length).toBeLessThanOrEqual(10);
  });

  test('goes on where all are refused for what is in them', async () => {
    service.instead = answers(422);
    const rows = Array.from({ length: 12 }, (_, index) => row(`user-${index}`));
    expect(await written(storeAt(service.url), rows)).toEqual(rows.map(() => ({ name: 'UserStoreError', failure: 'permanent', code: 'HTTP 422' })));
  });
});

/** The body that document 003 asks for, by its own event. */
describe('the user service of document 003', () => {
  const event = recordedEvent('seed-003-post-confirmation');
  const user = userOfTriggerEvent(event, new Date(1_700_000_000_000));
  const columns = {
    cognitoSub: 'sub',
    email: 'email',
    fullName: { from: 'name' },
    status: { constant: 'ACTIVE' },
    role: { constant: 'USER' },
    createdBy: { from: 'sub', write: 'onInsert' },
    updatedBy: 'sub',
  } as const;
  const body = {
    cognitoSub: '12345678-1234-1234-1234-123456789012',
    email: 'testuser@example.com',
    fullName: 'Test User',
    status: 'ACTIVE',
    role: 'USER',
    createdBy: '12345678-1234-1234-1234-123456789012',
    updatedBy: '12345678-1234-1234-1234-123456789012',
  };

  test.each(['POST', 'PUT'] as const)('gets its body by %s', async (method) => {
    expect(await mapped(service.url, columns, { method, key: ['cognitoSub'] }).write(user)).toBe('written');
    expect(service.requests[0].body).toBe(JSON.stringify(body));
    expect(service.requests[0].path).toBe(method === 'POST' ? '/api/v1/users' : `/api/v1/users/${body.cognitoSub}`);
  });
});

test('a prefix of the key is in the path and in the body', async () => {
  const { write } = mapped(service.url, { id: { from: 'sub', prefix: 'USER#' } });
  await write(userOfTriggerEvent(recordedEvent('seed-003-post-confirmation'), new Date()));
  expect(service.requests[0]).toMatchObject({ path: '/api/v1/users/USER%2312345678-1234-1234-1234-123456789012', body: '{"id":"USER#12345678-1234-1234-1234-123456789012"}' });
});
