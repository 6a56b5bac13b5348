import { PostgresConnection, type StatementRunner } from './connection';
import { parseConnectionUrl } from './connection-url';
import type { DatabaseAccess, Password } from './database-access';
import { plannedAccess } from './planned-access';
import { type Queryable, QueryableRunner } from './queryable';
import type { PostgresPlan } from '../../../src/private/plan';
import type { AwsCredentials } from '../../aws/credentials';
import { ConfigurationError } from '../../errors';

/** The table, and one of the ways to its database. */
export type DatabaseOptions = TableOptions & (ConnectionStringOptions | PasswordOptions | LoginOptions | QueryableOptions);

export interface TableOptions {
  /** `users`, `public.users`, `"My Schema"."Users"`; names are taken as they are written, case included. */
  readonly table: string;
  /**
   * The columns that a unique index is on, and that tell one user from another. One of them is mapped from `sub`, or from a
   * function whose value belongs to one user for ever; the others may be `username`, `userPoolId`, a constant or an
   * immutable attribute, too.
   *
   * @default - the only column that is mapped from `sub`
   */
  readonly key?: string | readonly string[];
}

/** A URL as libpq reads it. The server's certificate is verified unless the URL says `sslmode=disable`. */
export interface ConnectionStringOptions {
  /** `postgresql://user:password@host:5432/database` */
  readonly connectionString: string | undefined;
  /**
   * Certificate authorities to trust, as PEM.
   *
   * @default - the file `sslrootcert` names, else RDS's for hosts of RDS, else those Node.js trusts
   */
  readonly ca?: string;
}

export interface PasswordOptions {
  readonly host: string;
  /** @default 5432 */
  readonly port?: number;
  readonly databaseName: string;
  readonly user: string;
  /** A function is asked at every connection, and once more when the server rejects what it gave. */
  readonly password: Password;
  /**
   * Certificate authorities to trust, as PEM.
   *
   * @default - RDS's for hosts of RDS, else those Node.js trusts
   */
  readonly ca?: string;
}

/** Login by a secret in Secrets Manager, a parameter of Systems Manager or as an IAM user; `credentials` sign the request. */
export interface LoginOptions extends Omit<PostgresPlan, 'kind' | 'table' | 'key' | 'login' | 'ownCertificates'> {
  readonly login: PostgresPlan['login'] & {
    /**
     * Region that an IAM login is signed for, where `region` beside `login` does not say it: the function's own.
     *
     * @default - none: an IAM login needs one of the two; a secret or parameter has its own in its ARN
     */
    readonly region?: string;
    /** In Lambda: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment. */
    readonly credentials: () => AwsCredentials;
    /** @default - the public endpoint in the Region of the secret or parameter */
    readonly endpointUrl?: string;
  };
}

/** A connection of the application's own, such as a `Pool` or `Client` of `pg`. */
export interface QueryableOptions {
  readonly queryable: Queryable;
}

/** @throws ConfigurationError */
export function statementRunner(options: DatabaseOptions): StatementRunner {
  if (typeof options?.table !== 'string') throw new ConfigurationError('the options have no database.table: expected the name of the users table, such as public.users');
  if (!('queryable' in options)) return new PostgresConnection(databaseAccess(options));
  if (typeof options.queryable?.query !== 'function') throw new ConfigurationError('database.queryable has no method query: expected a client or pool of pg, or the like');
  return new QueryableRunner(options.queryable);
}

function databaseAccess(options: TableOptions & (ConnectionStringOptions | PasswordOptions | LoginOptions)): DatabaseAccess {
  if ('login' in options) {
    const { region, credentials, endpointUrl } = options.login;
    return plannedAccess({ ...options, kind: 'postgres', key: undefined }, { region, credentials, endpointUrl: () => endpointUrl });
  }
  if ('host' in options) {
    const { host, port = 5432, databaseName, user, password, ca } = options;
    return {
      address: () => ({ host, port, encrypted: true, ca }),
      login: async () => ({ user, password, database: databaseName }),
    };
  }
  if (!options.connectionString) {
    throw new ConfigurationError('database has none of connectionString, host, login and queryable (or an empty one): expected one way to the database; is the environment variable set?');
  }
  const { connectionString, ca } = options;
  const parsed = parseConnectionUrl(connectionString);
  return { address: () => ({ ...parsed, ca: ca ?? parsed.ca }), login: async () => parsed };
}
