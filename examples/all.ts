import { example as apiCredentials } from './api-credentials/end-to-end';
import { example as dynamoDb } from './dynamodb/end-to-end';
import type { Example } from './example';
import { example as handlerOnly } from './handler-only/end-to-end';
import { example as rdsPostgres } from './rds-postgres/end-to-end';
import { example as serverlessV2Queued } from './serverless-v2-queued/end-to-end';
import { example as userService } from './user-service/end-to-end';

/** Folder → example. */
export const allExamples: Readonly<Record<string, Example>> = {
  'rds-postgres': rdsPostgres,
  'dynamodb': dynamoDb,
  'user-service': userService,
  'api-credentials': apiCredentials,
  'handler-only': handlerOnly,
  'serverless-v2-queued': serverlessV2Queued,
};
