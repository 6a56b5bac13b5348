import { checkDatabaseWays } from './database-ways';
import { type DynamoDbOptions, dynamoDbOf } from './stores/dynamo-db/dynamo-db-options';
import { type DatabaseOptions, statementRunner } from './stores/postgres/database-options';
import { type PostgresStore, postgresTable } from './stores/postgres/postgres-table';
import { type UserServiceOptions, userServiceOf } from './stores/user-service/user-service-options';
import type { UsersTable } from './user-store';

/** Where the users are kept: in PostgreSQL, in DynamoDB, or by a service of the application's own. */
export type UserDatabaseOptions = DatabaseOptions | DynamoDbOptions | UserServiceOptions;

/**
 * @param storeOf for PostgreSQL, one row at a time or many
 * @throws ConfigurationError
 */
export function userDatabase(database: UserDatabaseOptions | undefined, storeOf: PostgresStore): UsersTable {
  checkDatabaseWays(database);
  if ('dynamoDbTable' in database) return dynamoDbOf(database);
  if ('userService' in database) return userServiceOf(database);
  return postgresTable(statementRunner(database), database, storeOf);
}
