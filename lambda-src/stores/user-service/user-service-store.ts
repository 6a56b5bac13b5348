import { ServiceCall, type UserService } from './service-call';
import { isPage, serviceError } from './service-error';
import { UserRequests, type UserRequestProps } from './user-request';
import type { ServiceMethod } from '../../../src/private/plan';
import { ConfigurationError } from '../../errors';
import { keepingConnections } from '../../kept-connections';
import type { Column, UserRow } from '../../user-row';
import type { UserStore, WriteOutcome } from '../../user-store';
import { rowByRow } from '../row-by-row';

/** What a store must know of its service. */
export interface UserServiceTarget {
  readonly service: UserService;
  readonly method: ServiceMethod;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
}

/** A service is not a database: what it can take at once is not known. */
const AT_ONCE = 5;

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
  const writing = (insertOnly: boolean): UserStore['write'] => async (rows, deadline) => (
    keepingConnections(target.service.url.protocol, async (agent) => {
      const writer = new UserWriter(target, insertOnly, new ServiceCall(target.service, agent, deadline, rows.length));
      return rowByRow(rows, {
        userOf: (row) => JSON.stringify(target.key.map((name) => row.get(name))),
        atOnce: AT_ONCE,
        deadline,
        write: async (row) => writer.write(row),
      });
    })
  );
  return { write: writing(false), insert: writing(true) };
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

/** One call of the store. */
class UserWriter {
  private readonly requests: UserRequests;

  constructor(private readonly target: UserServiceTarget, private readonly insertOnly: boolean, private readonly call: ServiceCall) {
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
    const { method, columns } = this.target;
    const { last, isUncertain } = await this.call.called(this.requests.of(props));
    if (!('status' in last)) throw serviceError(last, method);
    const { status } = last;
    // Of a user who is made, 201 alone tells that the service looked whether they are there: any other may be one that does
    // not know the condition, and has written what is old over what is new.
    if (status >= 200 && status <= 299 && !isPage(last)) return this.insertOnly && props.isNew && status !== 201 ? 'unchanged' : 'written';
    if (method === 'POST') {
      if (status === 409 && !isUncertain) return 'unchanged';
    } else if (status === 412 && (props.isNew || columns.some(({ isVersion }) => isVersion))) {
      // The user is there, or what the service knows is newer. Without a time in the body nothing can be, and a service
      // that has other conditions must not look as if it had taken the user.
      return 'unchanged';
    }
    throw serviceError(last, method);
  }
}
