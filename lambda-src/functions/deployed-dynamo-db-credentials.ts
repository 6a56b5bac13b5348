import { withoutTable } from './deployed-credentials-plan';
import type { CredentialsPlan } from '../../src/private/credentials-plan';
import { credentialPlace, type CredentialStore } from '../api-credentials/credential-store';
import { dynamoDbCredentials } from '../api-credentials/dynamo-db-credentials';
import { awsEnvironment } from '../aws/environment';
import { dynamoDbTarget } from '../stores/dynamo-db/dynamo-db-target';

/** @throws ConfigurationError */
export function deployedDynamoDbCredentials(plan: CredentialsPlan): CredentialStore {
  const { database } = plan;
  if (database?.kind !== 'dynamoDb') throw withoutTable(plan);
  return dynamoDbCredentials(dynamoDbTarget(database, awsEnvironment), credentialPlace({ ...plan, databaseKey: database.key }, 'plain'));
}
