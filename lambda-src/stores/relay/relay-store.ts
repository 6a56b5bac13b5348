import { readAnswer, wireRows } from './wire';
import type { RelayPlan } from '../../../src/private/plan';
import { type AwsAnswer, type AwsService, AwsUnreachableError, isThrottled } from '../../aws/aws-call';
import type { AwsEnvironment } from '../../aws/environment';
import { hasFailed, invokeFunction } from '../../aws/lambda-invocation';
import type { Deadline } from '../../deadline';
import { UserStoreError, UserSyncError } from '../../errors';
import type { UserRow } from '../../user-row';
import type { UsersTable, UserStore, WriteResult } from '../../user-store';

/** Lambda takes 6 MB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 4_000_000;

/** Kept of the time for the way to the writer and back. */
const WAY_MILLIS = 150;

/** The users table behind the writer function. */
export function relayTable({ functionName, key, names }: RelayPlan, { region = '', credentials, endpointUrl }: AwsEnvironment): UsersTable {
  return { key, names, store: () => relayStore(functionName, { region, credentials, endpointUrl: endpointUrl('LAMBDA') }) };
}

/**
 * Writes through the writer function, which is inside the VPC where the database is.
 *
 * @param functionName name or ARN
 */
export function relayStore(functionName: string, lambda: Omit<AwsService, 'service'>): UserStore {
  async function invoked(rows: readonly UserRow[], insertOnly: boolean, deadline: Deadline): Promise<readonly WriteResult[]> {
    const body = JSON.stringify({ ...wireRows(rows), insertOnly, milliseconds: Math.max(0, deadline.remaining() - WAY_MILLIS) });
    const answer = await invokeFunction(functionName, lambda, body, deadline).catch(unreachable);
    const read = answer.status === 200 && !hasFailed(answer) ? readAnswer(answer.body, rows.length) : failed(answer);
    if (read instanceof UserSyncError) throw read;
    return read ?? notUnderstood();
  }

  const writer = (insertOnly: boolean): UserStore['write'] => async (rows, deadline) => {
    const results: WriteResult[] = [];
    for (const part of parts(rows)) results.push(...await invoked(part, insertOnly, deadline));
    return results;
  };
  return { write: writer(false), insert: writer(true) };
}

/** In as few invocations as fit. */
function parts(rows: readonly UserRow[]): UserRow[][] {
  const all: UserRow[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const size = Buffer.byteLength(JSON.stringify([...row]));
    if (bytes + size > MOST_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all[all.length - 1].push(row);
    bytes += size;
  }
  return all;
}

function failed(answer: AwsAnswer): UserStoreError {
  const { status, errorType } = answer;
  if (hasFailed(answer)) return new UserStoreError('transient', 'the writer function failed: see its log', { code: 'FunctionError' });
  const isTransient = status >= 500 || isThrottled(answer);
  return new UserStoreError(
    isTransient ? 'transient' : 'misconfigured',
    `Lambda answered ${status} ${errorType} for the writer function${isTransient ? '' : ': check that it is there and that the role may call lambda:InvokeFunction on it'}`,
    { code: errorType },
  );
}

function unreachable({ code }: AwsUnreachableError): never {
  throw new UserStoreError('transient', `the writer function could not be reached (${code})`, { code });
}

function notUnderstood(): never {
  throw new UserStoreError('transient', 'the writer function answered something else than results: deploy the functions of the sync together');
}
