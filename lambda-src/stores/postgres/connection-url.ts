import { readFileSync } from 'node:fs';
import type { DatabaseLogin, ServerAddress } from './database-access';
import { ConfigurationError } from '../../errors';

/** libpq's modes that encrypt. All of them verify the server here: encryption to a stranger protects nothing. */
const ENCRYPTED = ['allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** libpq would take these before what the URL says elsewhere. */
const REFUSED = ['host', 'hostaddr', 'port', 'user', 'password', 'dbname', 'sslcert', 'sslkey', 'service'];

/**
 * Reads `postgresql://user:password@host:5432/database?sslmode=verify-full&sslrootcert=/path/ca.pem`.
 * https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 *
 * @throws ConfigurationError, which never shows the URL, since it holds the password
 */
export function parseConnectionUrl(written: string): ServerAddress & DatabaseLogin {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'postgresql:' && url?.protocol !== 'postgres:') {
    throw new ConfigurationError('the connection URL cannot be read: expected postgresql://user:password@host:5432/database, with other characters than letters, digits, - . _ ~ in user and password percent-encoded');
  }
  const refused = REFUSED.find((parameter) => url.searchParams.has(parameter));
  if (refused) throw new ConfigurationError(`the connection URL has the parameter ${refused}: expected host, port, user, password and database before the question mark`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const user = decoded(url.username, 'user');
  const database = decoded(url.pathname.slice(1), 'database') || user;
  if (!host || !user) throw new ConfigurationError(`the connection URL has no ${host ? 'user' : 'host'}: expected postgresql://user:password@host:5432/database`);
  const rootFile = url.searchParams.get('sslrootcert');
  return {
    host,
    port: Number(url.port || 5432),
    encrypted: isEncrypted(url.searchParams.get('sslmode')),
    ca: rootFile === null || rootFile === 'system' ? undefined : certificatesIn(rootFile),
    user,
    password: decoded(url.password, 'password'),
    database,
    options: url.searchParams.get('options') ?? undefined,
  };
}

function isEncrypted(sslmode: string | null): boolean {
  if (sslmode === 'disable') return false;
  if (sslmode === null || ENCRYPTED.includes(sslmode)) return true;
  throw new ConfigurationError(`got sslmode=${JSON.stringify(sslmode)} in the connection URL: expected verify-full (the default), or disable for a database without TLS`);
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`sslrootcert ${JSON.stringify(file)} cannot be read (${(error as NodeJS.ErrnoException).code}): expected a PEM file that is deployed with the function`);
  }
}

function decoded(part: string, what: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ConfigurationError(`the ${what} in the connection URL is not percent-encoded correctly: write % as %25`);
  }
}
