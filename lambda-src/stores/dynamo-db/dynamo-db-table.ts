import type { DynamoDbPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { ConfigurationError } from '../../errors';
import type { UsersTable } from '../../user-store';

/** The users table in DynamoDB. */
export function dynamoDbTable({ key }: DynamoDbPlan, _aws: AwsEnvironment): UsersTable {
  return {
    key,
    names: 'plain',
    store: () => { throw new ConfigurationError('DynamoDB comes next'); },
  };
}
