import { dynamoDbTable } from './dynamo-db-table';
import type { AwsCredentials } from '../../aws/credentials';
import { awsEnvironment } from '../../aws/environment';
import type { UsersTable } from '../../user-store';

/** The users table in DynamoDB, which the function's role may call `dynamodb:UpdateItem` on. */
export interface DynamoDbOptions {
  /** Name, or ARN. */
  readonly dynamoDbTable: string | undefined;
  /**
   * The table's partition key, and its sort key where it has one: mapped from `sub`, `username`, `userPoolId`, a constant,
   * an immutable attribute, or a function whose value belongs to one user for ever. Without `sub` in it another attribute
   * is mapped from `sub`, and tells whose item it is.
   *
   * @default - the only attribute that is mapped from `sub`
   */
  readonly key?: string | readonly string[];
  /** @default - that of the ARN, else the function's own */
  readonly region?: string;
  /** @default - AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment: in Lambda, the role's */
  readonly credentials?: () => AwsCredentials;
  /** @default - the public endpoint of the Region */
  readonly endpointUrl?: string;
}

/** @throws ConfigurationError */
export function dynamoDbOf({ dynamoDbTable: tableName = '', key, region, credentials = awsEnvironment.credentials, endpointUrl }: DynamoDbOptions): UsersTable {
  return dynamoDbTable({ tableName, key: typeof key === 'string' ? [key] : key, region }, {
    region: awsEnvironment.region,
    credentials,
    endpointUrl: (service) => endpointUrl ?? awsEnvironment.endpointUrl(service),
  });
}
