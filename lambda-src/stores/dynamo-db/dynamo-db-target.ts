import type { DynamoDbTarget } from './dynamo-db-store';
import type { DynamoDbPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { ConfigurationError } from '../../errors';

/**
 * The table, and where it is.
 *
 * @throws ConfigurationError
 */
export function dynamoDbTarget({ tableName, region }: Pick<DynamoDbPlan, 'tableName' | 'region'>, aws: AwsEnvironment): DynamoDbTarget {
  if (typeof tableName !== 'string' || !/^(arn:[^:]+:dynamodb:[^:]+:\d{12}:table\/)?[\w.-]{3,255}$/.test(tableName)) {
    throw new ConfigurationError(`got ${JSON.stringify(tableName)} as name of a DynamoDB table: expected its name, or its ARN`);
  }
  const [, regionInArn] = /^arn:[^:]+:dynamodb:([^:]+):/.exec(tableName) ?? [];
  const tableRegion = region ?? regionInArn ?? aws.region;
  if (!tableRegion) throw new ConfigurationError('got no Region of the DynamoDB table: expected region in the options, or AWS_REGION in the environment');
  return { tableName, service: { service: 'dynamodb', region: tableRegion, credentials: aws.credentials, endpointUrl: aws.endpointUrl('DYNAMODB') } };
}
