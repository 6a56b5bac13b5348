import { ConfigurationError } from './errors';

/** The option that says which kind of place it is. */
const WAYS = ['dynamoDbTable', 'userService', 'table'];

/**
 * One of the factory's ways to the users, and no more.
 *
 * @throws ConfigurationError
 */
export function checkDatabaseWays(database: object | undefined): asserts database is object {
  if (typeof database !== 'object' || database === null) throw new ConfigurationError('the options have no database: expected the users table and the way to it');
  const ways = WAYS.filter((option) => option in database);
  if (ways.length > 1) throw new ConfigurationError(`the options' database has ${ways.join(' and ')}, which are different places for users: expected one of them`);
}
