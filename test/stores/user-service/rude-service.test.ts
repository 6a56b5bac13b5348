import { setTimeout as sleep } from 'node:timers/promises';
import { COLUMNS, KEY, row, storeAt, written } from './stores';
import { Deadline } from '../../../lambda-src/deadline';
import { UserSyncError } from '../../../lambda-src/errors';
import { userServiceOf } from '../../../lambda-src/stores/user-service/user-service-options';
import { startUserService, type UserService } from '../../support/user-service';
import {
  answers, answersInHtml, breaksOff, breaksOffAndGoesOn, doesAndBreaksOff, hasDrippingBody, hasHalfABody, hasHugeAnswer, hasSlowHeaders,
  isSilent, type Misbehaviour, redirects, talksNonsense,
} from '../../support/user-service-misbehaviour';

let service: UserService;

beforeEach(async () => {
  service = await startUserService();
});
afterEach(() => service.stop());

const failed = (failure: string, code: string) => ({ name: 'UserStoreError', failure, code });
const outcome = async (instead: Misbehaviour, millis = 300, method?: 'PUT' | 'POST') => {
  service.instead = instead;
  return (await written(storeAt(service.url, { method }), [row('ada')], millis))[0];
};

describe('what may pass', () => {
  test.each<[string, Misbehaviour]>([
    ['500', answers(500)], ['502', answers(502)], ['503', answers(503)], ['504', answers(504)], ['429', answers(429)], ['408', answers(408)], ['423', answers(423)], ['424', answers(424)], ['425', answers(425)],
    ['a broken connection', breaksOff],
    ['half a body', hasHalfABody],
    ['nonsense', talksNonsense],
    ['a body that is no HTTP any more', ({ incoming: { socket } }) => void socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n')],
  ])('%s is tried again, and the user is there', async (_case, misbehaviour) => {
    service.next.push(misbehaviour);
    expect(await written(storeAt(service.url), [row('ada')])).toEqual(['written']);
    expect(service.requests).toHaveLength(2);
    expect(service.requests[1]).toMatchObject({ headers: service.requests[0].headers, body: service.requests[0].body });
  });

  test('what lasts is transient, and by its status', async () => {
    expect(await outcome(answers(503), 1_500)).toEqual(failed('transient', 'HTTP 503'));
    expect(service.requests.length).toBe(4);
    expect(await outcome(breaksOff, 1_500)).toEqual(failed('transient', 'ECONNRESET'));
  });

  test('what was done before the connection broke is not done twice', async () => {
    service.next.push(doesAndBreaksOff);
    expect(await written(storeAt(service.url), [row('ada')])).toEqual(['written']);
    expect(service.writes).toHaveLength(1);
  });

  test('a PUT that the service is still at is asked again until it is done', async () => {
    const isAskedAgain = async () => {
      while (!service.requests.some(({ status }) => status === 409)) await sleep(5);
    };
    service.next.push(breaksOffAndGoesOn(isAskedAgain()));
    expect(await written(storeAt(service.url), [row('ada')])).toEqual(['written']);
    expect(service.requests.map(({ status }) => status)).toEqual([undefined, 409, 201]);
    expect(service.writes).toHaveLength(1);
  });

  test('a PUT that somebody is at for longer comes again', async () => {
    expect(await outcome(answers(409), 2_000)).toEqual(failed('transient', 'HTTP 409'));
  });

  test('a POST whose first try had no answer does not take 409 for a user who is there, and comes again', async () => {
    let goOn = (): void => undefined;
    service.next.push(breaksOffAndGoesOn(new Promise<void>((resolve) => { goOn = resolve; })));
    const store = storeAt(service.url, { method: 'POST' });
    expect(await written(store, [row('ada')])).toEqual([failed('transient', 'HTTP 409')]);
    expect(service.users.size).toBe(0);
    goOn();
    while (service.users.size === 0) await sleep(5);
    expect(await written(store, [row('ada')])).toEqual(['written']);
    expect(service.writes).toHaveLength(1);
  });

  test.each([408, 500, 502, 503, 504])('nor does one whose gateway answered %i, and may have asked the service', async (status) => {
    service.next.push(answers(status), answers(409));
    expect(await written(storeAt(service.url, { method: 'POST' }), [row('ada')])).toEqual([failed('transient', 'HTTP 409')]);
  });

  test.each([425, 429])('and 409 after a refusal by %i is a user who is there', async (status) => {
    service.next.push(answers(status), answers(409));
    expect(await written(storeAt(service.url, { method: 'POST' }), [row('ada')])).toEqual(['unchanged']);
  });
});

describe('Retry-After', () => {
  const date = (millis: number) => new Date(millis).toUTCString();

  test.each<[string, Misbehaviour]>([
    ['in seconds', answers(429, { 'retry-after': '1' })],
    ['as a date', answers(503, { 'retry-after': date(61_000), 'date': date(60_000) })],
  ])('%s is waited for', async (_case, misbehaviour) => {
    service.next.push(misbehaviour);
    const before = performance.now();
    expect(await written(storeAt(service.url), [row('ada')])).toEqual(['written']);
    expect(performance.now() - before).toBeGreaterThan(950);
  });

  test.each([['60'], [date(Date.now() + 60_000)]])('that the deadline has no room for, %p, is not waited for at all', async (retryAfter) => {
    const before = performance.now();
    expect(await outcome(answers(429, { 'retry-after': retryAfter }), 5_000)).toEqual(failed('transient', 'HTTP 429'));
    expect(performance.now() - before).toBeLessThan(1_000);
    expect(service.requests).toHaveLength(1);
  });

  test.each([401, 422])('beside %i says nothing: nobody asks to be left alone there', async (status) => {
    expect(await outcome(answers(status, { 'retry-after': '120' }))).not.toHaveProperty('retryAfterSeconds');
  });

  test('that is longer ends the batch for those who are not begun yet, and says how long', async () => {
    let requests = 0;
    service.instead = ({ response, take }) => {
      requests += 1;
      if (requests === 1) response.writeHead(take().status).end();
      else response.writeHead(429, { 'retry-after': '120' }).end();
    };
    const results = await storeAt(service.url).write(Array.from({ length: 300 }, (_, index) => row(`user-${index}`)), Deadline.after(5_000));
    expect(results[0]).toBe('written');
    expect(results.slice(1)).toEqual(Array(299).fill(expect.objectContaining({ failure: 'transient', retryAfterSeconds: 120 })));
    expect(requests).toBeLessThanOrEqual(10);
  });

  test.each([['soon'], ['-1'], ['1e3'], ['Wednesday'], [date(0)]])('that says nothing, %p, is an answer without', async (retryAfter) => {
    service.next.push(answers(503, { 'retry-after': retryAfter }));
    expect(await written(storeAt(service.url), [row('ada')], 900)).toEqual(['written']);
  });
});

describe('a service that takes its time ends with the deadline', () => {
  test.each<[string, Misbehaviour]>([['no answer', isSilent], ['slow headers', hasSlowHeaders], ['a dripping body', hasDrippingBody]])('%s', async (_case, misbehaviour) => {
    const before = performance.now();
    expect(await outcome(misbehaviour)).toEqual(failed('transient', 'ETIMEDOUT'));
    expect(performance.now() - before).toBeLessThan(600);
  });

  test('where there is no time at all, nothing is sent', async () => {
    expect(await written(storeAt(service.url), [row('ada')], 0)).toEqual([failed('transient', 'ETIMEDOUT')]);
    expect(service.requests).toEqual([]);
  });
});

test.each<[number, string]>([
  [400, 'permanent'], [410, 'permanent'], [413, 'permanent'], [414, 'permanent'], [418, 'permanent'], [422, 'permanent'],
  [401, 'misconfigured'], [403, 'misconfigured'], [404, 'misconfigured'], [405, 'misconfigured'], [415, 'misconfigured'], [407, 'misconfigured'], [428, 'misconfigured'], [431, 'misconfigured'],
  [300, 'misconfigured'], [304, 'misconfigured'],
])('%i is %s, and not asked again', async (status, failure) => {
  expect(await outcome(answers(status, {}, ''))).toEqual(failed(failure, `HTTP ${status}`));
  expect(service.requests).toHaveLength(1);
});

test.each([200, 201, 202, 204])('%i is done, whatever else the answer says', async (status) => {
  expect(await outcome(answers(status, { 'content-type': 'image/png' }, ''))).toBe('written');
});

test.each(['PUT', 'POST'] as const)('412 refuses the user where a %s set no condition', async (method) => {
  expect(await outcome(answers(412), 300, method)).toEqual(failed('permanent', 'HTTP 412'));
});

test('a page of the web has written nobody, whatever its status', async () => {
  expect(await outcome(answersInHtml)).toEqual(failed('misconfigured', 'HTTP 201'));
  expect(await outcome(answers(200, { 'content-type': 'Text/HTML; charset=utf-8' }))).toEqual(failed('misconfigured', 'HTTP 200'));
});

test('a change of protocol is none that was asked for', async () => {
  expect(await outcome(({ incoming: { socket } }) => void socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'))).toEqual(failed('transient', 'ECONNRESET'));
});

test('an answer of 100 MB is cut off, and takes no memory', async () => {
  const before = process.memoryUsage();
  const sent = { bytes: 0 };
  service.instead = async (exchange) => {
    const { socket } = exchange.incoming;
    await hasHugeAnswer(100_000_000)(exchange);
    sent.bytes = socket.bytesWritten;
  };
  const rows = ['ada', 'bob', 'eve'].map((sub) => row(sub));
  expect(await written(storeAt(service.url), rows)).toEqual(['written', 'written', 'written']);
  expect(service.users.size).toBe(3);
  const after = process.memoryUsage();
  expect(after.rss - before.rss).toBeLessThan(60_000_000);
  expect(sent.bytes).toBeLessThan(20_000_000);
});

describe('a redirect', () => {
  let other: UserService;

  beforeEach(async () => {
    other = await startUserService();
  });
  afterEach(() => other.stop());

  const login = { token: 'a-secret-token' };
  const elsewhere = (location: string, status = 307) => {
    service.next.push(redirects(status, location));
    return written(withToken(service.url), [row('ada')]);
  };

  test.each([307, 308])('%i on the same host is followed, with the method, the body and the login', async (status) => {
    expect(await elsewhere('/api/v1/users/moved%2Faway?x=1', status)).toEqual(['written']);
    expect(service.requests[1]).toMatchObject({ method: 'PUT', path: '/api/v1/users/moved%2Faway?x=1', body: service.requests[0].body, headers: { authorization: `Bearer ${login.token}` } });
  });

  test('is followed by its relative path, too', async () => {
    expect(await elsewhere('moved')).toEqual(['written']);
    expect(service.requests[1].path).toBe('/api/v1/users/moved');
  });

  test.each([301, 302, 303])('%i, which changes the method, is not followed', async (status) => {
    expect(await elsewhere('/api/v1/users/moved', status)).toEqual([failed('misconfigured', `HTTP ${status}`)]);
    expect(service.requests).toHaveLength(1);
  });

  test.each<[string, () => string]>([
    ['another port', () => `${other.url}/ada`],
    ['another host', () => `${other.url.replace('127.0.0.1', 'localhost')}/ada`],
    ['another host that looks relative', () => `//${new URL(other.url).host}/api/v1/users/ada`],
    ['another protocol', () => service.url.replace('http:', 'https:')],
    ['no URL', () => 'http://['],
    ['nothing', () => ''],
  ])('to %s gets neither the user nor the login', async (_case, location) => {
    expect(await elsewhere(location())).toEqual([failed('misconfigured', 'HTTP 307')]);
    expect(other.requests).toEqual([]);
    expect(other.connections).toBe(0);
  });

  test('in a circle ends', async () => {
    service.instead = redirects(308, '/api/v1/users/ada');
    expect(await written(withToken(service.url), [row('ada')])).toEqual([failed('misconfigured', 'HTTP 308')]);
    expect(service.requests).toHaveLength(4);
  });

  function withToken(url: string) {
    return userServiceOf({ userService: url, login, mayBeUnencrypted: true }).store([KEY], COLUMNS);
  }
});

test('nobody there is transient, and an unknown host is a wrong configuration', async () => {
  const { url } = service;
  await service.stop();
  expect(await written(storeAt(url), [row('ada')], 200)).toEqual([failed('transient', 'ECONNREFUSED')]);
  expect(await written(storeAt('http://users.invalid/users'), [row('ada')], 500)).toEqual([expect.objectContaining({ code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN|ETIMEDOUT)$/) })]);
  service = await startUserService();
});

/** What a service says may quote whom it is about, and what a request holds is nobody's to log. */
test('nothing of the user, the login or the service\'s words is in an error', async () => {
  const canary = 'canary-9f2c';
  const rude: Misbehaviour[] = [
    ...[400, 401, 404, 409, 422, 500, 302].map((status) => answers(status, { 'x-reason': canary, 'location': `https://${canary}.example.com`, 'retry-after': '99' }, `{"message":"${canary} is taken"}`)),
    ({ incoming: { socket } }) => void socket.end(`${canary}\r\n\r\n`),
    ({ incoming: { socket } }) => void socket.end(`HTTP/1.1 200 ${canary}\r\n${canary}\u0000: x\r\n\r\n`),
    breaksOff, isSilent,
  ];
  for (const misbehaviour of rude) {
    service.instead = misbehaviour;
    const store = userServiceOf({ userService: `${service.url}/${canary}?${canary}`, key: KEY, login: { token: canary }, mayBeUnencrypted: true }).store([KEY], COLUMNS);
    const [error] = await store.write([row(canary, { email: canary })], Deadline.after(150)) as UserSyncError[];
    expect(error).toBeInstanceOf(UserSyncError);
    expect(JSON.stringify({ ...error, name: error.name, message: error.message, stack: error.stack, cause: error.cause })).not.toContain(canary);
  }
});
