import { answers } from '../../../test/support/user-service-misbehaviour';
import type { Fault } from '../../fault';
import type { DynamoDbStore, Elsewhere } from '../../stores/dynamo-db';
import { passing } from '../passing';

const RIGHT = { key: { cognito_user_id: 'S' } } as const;

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items */
const MOST_BYTES = 400 * 1024;

/** Of what DynamoDB answers: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const dynamoDbFaults: readonly Fault<DynamoDbStore>[] = [
  refused('throughput exceeded', 'ProvisionedThroughputExceededException'),
  passing(refused('throughput exceeded', 'ProvisionedThroughputExceededException')),
  refused('account throttled', 'ThrottlingException'),
  refused('request limit exceeded', 'RequestLimitExceeded'),
  refused('row in a transaction', 'TransactionConflictException'),
  refused('internal server error', 'InternalServerError', 500),
  refused('service unavailable', 'ServiceUnavailable', 503),
  refused('access denied', 'AccessDeniedException'),
  refused('credentials expired', 'ExpiredTokenException'),
  elsewhere('table missing', 'ResourceNotFoundException'),
  elsewhere('table with another key', 'ValidationException', { key: { id: 'S' } }),
  elsewhere('index on another type', 'ValidationException', { ...RIGHT, indexes: { by_name: { display_name: 'N' } } }),
  // DynamoDB adds up what the application has written, and what we write.
  { ...elsewhere('items are full', 'ValidationException', { ...RIGHT, holding: { S: 'x'.repeat(MOST_BYTES - 150) } }), goesToDeadLetters: true },
  {
    name: 'page of a stranger',
    arrange: async ({ store }) => store.misbehave(answers(200, { 'content-type': 'text/html' }, '<html>Welcome to our network</html>')),
    lift: async ({ store }) => store.misbehave(),
  },
];

function refused(name: string, code: string, status?: number): Fault<DynamoDbStore> {
  return { name, code, arrange: async ({ store }) => store.refuse(code, status), lift: async ({ store }) => store.misbehave() };
}

function elsewhere(name: string, code: string, table?: Elsewhere): Fault<DynamoDbStore> {
  return { name, code, arrange: ({ store }) => store.sendElsewhere(table), lift: async ({ store }) => store.misbehave() };
}
