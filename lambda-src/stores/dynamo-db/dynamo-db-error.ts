import { type AwsAnswer, isThrottled } from '../../aws/aws-call';
import { type Failure, UserStoreError } from '../../errors';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const ERRORS: ReadonlyArray<readonly [RegExp, Failure, string]> = [
  [/^AccessDenied/, 'misconfigured', 'DynamoDB refused the call: check that the role may call dynamodb:UpdateItem on the table, and use the table\'s KMS key where it has one of its own'],
  [/^(UnrecognizedClient|InvalidSignature|IncompleteSignature|MissingAuthentication|InvalidClientTokenId|ExpiredToken|OptInRequired)/, 'misconfigured', 'DynamoDB does not know the role: check the Region, and that the account uses it'],
  [/^(ResourceNotFound|TableNotFound)/, 'misconfigured', 'DynamoDB does not know the table: check its name and Region'],
  [/^ItemCollectionSizeLimitExceeded/, 'permanent', 'the items of this partition key and their local indexes are larger than DynamoDB takes, which is 10 GB'],
  [/^(TransactionConflict|ReplicatedWriteConflict)/, 'transient', 'somebody else was writing the item'],
  [/^/, 'transient', 'DynamoDB failed'],
];

/** What DynamoDB says of any request that it does not take. Only its message tells why; it is looked at, and never passed on. */
const VALIDATION: ReadonlyArray<readonly [RegExp, Failure, string]> = [
  [/empty (string|binary) value/i, 'permanent', 'a value is empty text, which DynamoDB takes in no key of a table or index'],
  [/item size|size of hashkey|size of all range keys|exceeded the maximum size limit|exceeded the size limit/i, 'permanent', 'the item or its key is larger than DynamoDB takes, which is 400 KB for an item, 2048 bytes for a partition key and 1024 for a sort key'],
  [/nesting level/i, 'permanent', 'the JSON is nested deeper than DynamoDB holds'],
  [/significant digits|number (over|under)flow|magnitude larger|cannot be converted to a numeric value/i, 'permanent', 'a number is none that DynamoDB holds'],
  [/does not match the schema|type mismatch|size of (the )?key|unsupported type/i, 'misconfigured', 'the table does not fit the mapping: check that key has exactly the attributes of the table\'s key, and that the kinds fit the types in the keys of the table and its indexes'],
  [/^/, 'misconfigured', 'DynamoDB does not take the request: check that key has exactly the attributes of the table\'s key, and that their kinds fit its types'],
];

/** Also a page of somebody between here and there may have status 200, and has done nothing. */
export function isDone({ status, body }: AwsAnswer): boolean {
  return status === 200 && body.startsWith('{');
}

export function dynamoDbError(answer: AwsAnswer): UserStoreError {
  const { status, errorType: code, json } = answer;
  if (status >= 500 || isThrottled(answer)) return new UserStoreError('transient', `DynamoDB answered ${status} ${code}`, { code });
  // Of whoever is in between, too, who has no code of DynamoDB's.
  if (status === 413) return new UserStoreError('permanent', `the item is larger than DynamoDB takes, which is 400 KB (413 ${code})`, { code });
  const [rules, text] = code === 'ValidationException' ? [VALIDATION, String(json.message ?? json.Message ?? '')] : [ERRORS, code];
  const [, failure, meaning] = rules.find(([pattern]) => pattern.test(text))!;
  return new UserStoreError(failure, `${meaning} (${status} ${code})`, { code });
}

export function unreachable({ code }: { readonly code: string }): never {
  throw new UserStoreError('transient', `DynamoDB could not be reached (${code})`, { code });
}
