import { type AwsAnswer, isThrottled } from '../../aws/aws-call';
import { type Failure, UserStoreError, type UserSyncError } from '../../errors';
import { storeError } from '../postgres/store-error';
import type { Statement } from '../postgres/upsert';

/** Behind PostgreSQL's own message, which quotes the row: nothing but this is taken out of it. */
const SQLSTATE = /; SQLState: ([0-9A-Z]{5})\s*$/;

/** https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html#API_ExecuteStatement_Errors */
const ERRORS: ReadonlyArray<readonly [RegExp, Failure, string]> = [
  [/^DatabaseResuming/, 'transient', 'the cluster was paused and is waking up'],
  [/^StatementTimeout/, 'transient', 'the statement took longer than the RDS Data API waits'],
  [/^(AccessDenied|Forbidden)/, 'misconfigured', 'the RDS Data API refused the call: check that the role may call rds-data:ExecuteStatement on the cluster and secretsmanager:GetSecretValue on the secret'],
  [/^(InvalidSecret|SecretsError)/, 'misconfigured', 'the RDS Data API could not log in by the secret: check that it has username and password, and that the role may read it and use its key'],
  [/^HttpEndpointNotEnabled/, 'misconfigured', 'the cluster has no Data API: set enableDataApi on it'],
  [/^(DatabaseNotFound|NotFound)/, 'misconfigured', 'the RDS Data API does not know the cluster, or it has no instance: check its ARN and Region'],
  [/^(UnsupportedResult|Validation)/, 'misconfigured', 'the RDS Data API does not take the statement'],
  [/^/, 'transient', 'the RDS Data API failed'],
];

/** @param written what the statement wrote */
export function dataApiError(answer: AwsAnswer, written: Statement['values']): UserSyncError {
  const { status, errorType: code, json } = answer;
  const [, state] = SQLSTATE.exec(String(json.message ?? json.Message ?? '')) ?? [];
  if (state !== undefined) return storeError({ code: state }, written);
  if (status === 413) return tooLarge();
  if (status >= 500 || isThrottled(answer)) return new UserStoreError('transient', `the RDS Data API answered ${status} ${code}`, { code });
  const [, failure, meaning] = ERRORS.find(([pattern]) => pattern.test(code))!;
  return new UserStoreError(failure, `${meaning} (${status} ${code})`, { code });
}

/** Of many rows, each half is tried; one row of this size is refused. */
export function tooLarge(): UserStoreError {
  return new UserStoreError('permanent', 'the rows are larger than what the RDS Data API takes in one request, which is 4 MiB', { code: 'RequestTooLarge' });
}
