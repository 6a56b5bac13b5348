import { type CredentialAuthorizer, credentialAuthorizer, type CredentialAuthorizerOptions } from './credential-authorizer';
import { type CredentialClaim, credentialClaim } from './credential-claim';
import type { CredentialOptions } from './credential-options';
import { credentialPlace, type CredentialStore } from './credential-store';
import { dynamoDbCredentials } from './dynamo-db-credentials';
import { postgresCredentials } from './postgres-credentials';
import { CREDENTIAL_COLUMN, type CredentialsPlan } from '../../src/private/credentials-plan';
import { awsEnvironment } from '../aws/environment';
import { checkDatabaseWays } from '../database-ways';
import { ConfigurationError } from '../errors';
import type { DynamoDbOptions } from '../stores/dynamo-db/dynamo-db-options';
import { dynamoDbTarget } from '../stores/dynamo-db/dynamo-db-target';
import { type DatabaseOptions, statementRunner } from '../stores/postgres/database-options';

/** Where credentials are kept: in the users table that the sync writes. */
export interface CredentialTableOptions {
  /**
   * The table and the way to it: PostgreSQL, or DynamoDB, where the role of the claim function needs `dynamodb:UpdateItem`
   * and that of the authorizer `dynamodb:GetItem`.
   */
  readonly database: DatabaseOptions | DynamoDbOptions;
  /**
   * Columns that together find a user's row, as the sync maps them: from `sub`, `userPoolId` and constants. Of a table in
   * DynamoDB, its whole key. Where the sync maps them otherwise, nobody's row is found.
   */
  readonly key: CredentialsPlan['key'];
  /**
   * Column (or attribute) of type text that holds the hash and the username, and that the sync does not map.
   *
   * @default 'api_credential_hash'
   */
  readonly column?: string;
}

/**
 * Creates the Lambda handler by which users get their API credential, and lose it. Its route must have a Cognito authorizer
 * (REST API) or a JWT authorizer (HTTP API): it trusts the claims that these have verified, and nothing else.
 *
 * @example
 * export const handler = createCredentialClaim({
 *   userPoolId: 'eu-west-1_Example01',
 *   database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
 *   key: { cognito_user_id: 'sub' },
 * });
 */
export function createCredentialClaim(options: CredentialOptions & CredentialTableOptions): CredentialClaim {
  return credentialClaim(options, () => credentialStore(options));
}

/**
 * Creates the Lambda authorizer that lets in whoever shows an API credential. Its identity source must be the
 * `Authorization` header.
 *
 * @example
 * export const handler = createCredentialAuthorizer({
 *   userPoolId: 'eu-west-1_Example01',
 *   database: { dynamoDbTable: 'users' },
 *   key: { sub: 'sub' },
 * });
 */
export function createCredentialAuthorizer(options: CredentialAuthorizerOptions & CredentialTableOptions): CredentialAuthorizer {
  return credentialAuthorizer(options, () => credentialStore(options));
}

/** @throws ConfigurationError */
function credentialStore({ userPoolId, database, key, column = CREDENTIAL_COLUMN }: CredentialOptions & CredentialTableOptions): CredentialStore {
  checkDatabaseWays(database);
  if ('userService' in database) throw new ConfigurationError('got a user service as database, from which nothing can be read: expected the users table, in PostgreSQL or DynamoDB');
  const place = { key, userPoolId, column, databaseKey: database.key === undefined ? undefined : [database.key].flat() };
  if (!('dynamoDbTable' in database)) {
    return postgresCredentials(statementRunner(database), { table: database.table, place: credentialPlace(place, 'sql') });
  }
  const { dynamoDbTable: tableName = '', region, credentials = awsEnvironment.credentials, endpointUrl } = database;
  const aws = { region: awsEnvironment.region, credentials, endpointUrl: () => endpointUrl ?? awsEnvironment.endpointUrl('DYNAMODB') };
  return dynamoDbCredentials(dynamoDbTarget({ tableName, region }, aws), credentialPlace(place, 'plain'));
}
