import { parseConnectionUrl } from './connection-url';
import type { DatabaseAccess, DatabaseLogin, ServerAddress } from './database-access';
import type { PostgresPlan } from '../../../src/private/plan';
import { ConfigurationError } from '../../errors';

/**
 * Reaches a database by what is fetched: a secret of Secrets Manager, or a parameter of Systems Manager. What the plan
 * says of host, port and database comes before what the secret says.
 *
 * @param fetchLogin what it says now
 */
export function secretAccess(plan: PostgresPlan, fetchLogin: () => Promise<ServerAddress & DatabaseLogin>): DatabaseAccess {
  let known: Promise<ServerAddress & DatabaseLogin> | undefined;
  /** One request for the address and the login; kept in memory until the server rejects it or fetching failed. */
  const fetched = () => {
    const fetching = known ??= fetchLogin().then((login) => ({ ...encryptedUnlessAllowed(login, plan), ...given(plan) }));
    fetching.catch(() => {
      if (known === fetching) known = undefined;
    });
    return fetching;
  };
  const fetchedAddress = async () => {
    const address = await fetched();
    if (!address.host) throw new ConfigurationError('neither the secret nor the configuration names the host: add host to the secret');
    return address;
  };
  const { host, port = 5432, region, ownCertificates, mayBeUnencrypted } = plan;
  return {
    // Only the URL tells whether TLS is off, where that is allowed.
    address: () => (host === undefined || mayBeUnencrypted ? fetchedAddress() : { host, port, encrypted: true, region, ownCertificates }),
    rejected: () => {
      known = undefined;
    },
    login: async () => {
      const { user, password, database, options } = await fetched();
      if (!database) throw new ConfigurationError('neither the secret nor the configuration names the database: add dbname to the secret, or set databaseName');
      return { user, password, database, options };
    },
  };
}

function encryptedUnlessAllowed<Address extends ServerAddress>(address: Address, { mayBeUnencrypted }: PostgresPlan): Address {
  if (address.encrypted || mayBeUnencrypted) return address;
  throw new ConfigurationError('the connection URL in the secret or parameter says sslmode=disable: take it out, or set dangerouslyAllowUnencryptedConnections (in the factory\'s options: mayBeUnencrypted) if everybody on the way may read and change what is sent');
}

/**
 * A connection URL, or the fields that RDS writes into its own secrets:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html#reference_secret_json_structure_RDS
 *
 * @throws ConfigurationError
 */
export function readSecret(content: string, field: string | undefined): ServerAddress & DatabaseLogin {
  const fields = jsonFields(content);
  if (field !== undefined) {
    const url = fields?.[field];
    if (typeof url !== 'string') throw new ConfigurationError(`the secret has no field ${JSON.stringify(field)} with a text: expected JSON with a connection URL there`);
    return parseConnectionUrl(url);
  }
  if (!fields) return parseConnectionUrl(content.trim());
  const { host, port, dbname, username, password } = fields;
  if (typeof username !== 'string' || typeof password !== 'string') {
    throw new ConfigurationError(`the secret is JSON without ${typeof username === 'string' ? 'password' : 'username'}: expected username and password (and host, port, dbname where they are not configured), or a connection URL`);
  }
  return { host: String(host ?? ''), port: Number(port ?? 5432), encrypted: true, user: username, password, database: String(dbname ?? '') };
}

/** Undefined where the secret is not a JSON object, but a URL. */
function jsonFields(content: string): Readonly<Record<string, unknown>> | undefined {
  if (!content.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(content);
  } catch {
    throw new ConfigurationError('the secret starts like JSON and cannot be read: expected a JSON object or a connection URL');
  }
}

function given({ host, port, databaseName, region, ownCertificates }: PostgresPlan) {
  return Object.fromEntries(Object.entries({ host, port, database: databaseName, region, ownCertificates }).filter(([, value]) => value !== undefined));
}
