import { called, type UserService } from './service-call';
import { serviceError } from './service-error';
import { UserRequests, type UserRequestProps } from './user-request';
import type { ServiceMethod } from '../../../src/private/plan';
import type { Deadline } from '../../deadline';
import { ConfigurationError, UserStoreError, UserSyncError } from '../../errors';
import { type KeptConnections, keepingConnections } from '../../kept-connections';
import { sideBySide } from '../../side-by-side';
import type { Column, UserRow } from '../../user-row';
import type { UserStore, WriteOutcome, WriteResult } from '../../user-store';

/** What a store must know of its service. */
export interface UserServiceTarget {
  readonly service: UserService;
  readonly method: ServiceMethod;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
}

/** A service is not a database: what it can take at once is not known. */
const AT_ONCE = 5;

/** So many users, of whom none was taken and none refused for what is in them, are not the reason themselves. */
const ENOUGH_FAILURES = 5;

/**
 * Writes users by one request each.
 *
 * A PUT says all that is known of a user, whom it makes or changes. Columns that are written on insert alone go with a
 * first PUT that is for a user who is not there (`If-None-Match: *`); where they are, a second one says the rest. A POST
 * makes a user, and who is there stays as they are.
 *
 * @throws ConfigurationError
 */
export function userServiceStore(target: UserServiceTarget): UserStore {
  checkColumns(target);
  const writer = (insertOnly: boolean): UserStore['write'] => async (rows, deadline) => (
    keepingConnections(target.service.url.protocol, async (agent) => writeAll(rows, new UserWriter(target, insertOnly, agent, deadline), target.key))
  );
  return { write: writer(false), insert: writer(true) };
}

/** A column that could not be written as it should, whoever the user is. */
function checkColumns({ method, columns }: UserServiceTarget): void {
  const whileNull = columns.find(({ write }) => write === 'whileNull');
  if (method === 'PUT' && whileNull) {
    throw new ConfigurationError(`column ${JSON.stringify(whileNull.name)} has write "whileNull", which no request to a user service can ask for: expected "always" or "onInsert"`);
  }
  const version = columns.find(({ isVersion }) => isVersion);
  if (method === 'POST' && version) {
    throw new ConfigurationError(`column ${JSON.stringify(version.name)} holds the time of the last observation, which a POST never changes: give it write "onInsert"`);
  }
}

async function writeAll(rows: readonly UserRow[], writer: UserWriter, key: readonly string[]): Promise<readonly WriteResult[]> {
  const results: WriteResult[] = [];
  let everybodys: UserSyncError | undefined;
  await sideBySide(placesByUser(rows, key), AT_ONCE, async (places) => {
    for (const place of places) {
      if (everybodys) return;
      results[place] = await writer.write(rows[place]).catch(asResult);
      everybodys ??= failureOfAll(results);
    }
  });
  if (everybodys) throw everybodys;
  return results;
}

/** Whoever is there more than once is written in order, one after the other. */
function placesByUser(rows: readonly UserRow[], key: readonly string[]): number[][] {
  const places = new Map<string, number[]>();
  rows.forEach((row, place) => {
    const user = key.map((name) => row.get(name)).join('\0');
    places.set(user, [...places.get(user) ?? [], place]);
  });
  return [...places.values()];
}

function asResult(error: unknown): WriteResult {
  if (error instanceof UserSyncError) return error;
  throw error;
}

function failureOfAll(results: readonly WriteResult[]): UserSyncError | undefined {
  const known = Object.values(results);
  const failures = known.filter((result) => result instanceof UserSyncError && result.failure !== 'permanent') as UserSyncError[];
  return failures.length >= ENOUGH_FAILURES && failures.length === known.length ? failures[0] : undefined;
}

/** One call of the store. */
class UserWriter {
  private readonly requests: UserRequests;

  constructor(private readonly target: UserServiceTarget, private readonly insertOnly: boolean, private readonly agent: KeptConnections, private readonly deadline: Deadline) {
    this.requests = new UserRequests(target.service.url, target.method, target.key);
  }

  async write(row: UserRow): Promise<WriteOutcome> {
    const { method, key, columns } = this.target;
    if (method === 'POST') return this.asked({ row, columns });
    const kept = columns.filter(({ write }) => write === 'always');
    const isOnInsert = ({ name, write }: Column) => write === 'onInsert' && row.has(name);
    if (this.insertOnly || columns.some(isOnInsert)) {
      const outcome = await this.asked({ row, columns, isNew: true });
      if (outcome === 'written' || this.insertOnly || kept.every(({ name }) => key.includes(name))) return outcome;
    }
    return this.asked({ row, columns: kept });
  }

  /** @throws UserSyncError */
  private async asked(props: UserRequestProps): Promise<WriteOutcome> {
    const { service, method, columns } = this.target;
    if (this.deadline.remaining() === 0) throw new UserStoreError('transient', 'there was no time left to ask the user service');
    const last = await called(this.requests.of(props), service, this.agent, this.deadline);
    if ('status' in last) {
      if (last.status >= 200 && last.status <= 299) return 'written';
      // The user is there, or what the service knows is newer. Without a time in the body nothing can be, and a service
      // that has other conditions must not look as if it had taken the user.
      const isAsked = method === 'POST' || props.isNew || columns.some(({ isVersion }) => isVersion);
      if (isAsked && last.status === (method === 'POST' ? 409 : 412)) return 'unchanged';
    }
    throw serviceError(last);
  }
}
