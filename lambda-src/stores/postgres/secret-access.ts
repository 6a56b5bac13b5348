import { parseConnectionUrl } from './connection-url';
import type { DatabaseAccess, DatabaseLogin, ServerAddress } from './database-access';
import type { PostgresPlan, SecretLogin } from '../../../src/private/plan';
import { ConfigurationError } from '../../errors';

/**
 * Reaches a database by a secret: a connection URL, or the fields that RDS writes into its own
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html#reference_secret_json_structure_RDS).
 * What the plan says of host, port and database comes before what the secret says.
 *
 * @param fetchSecret the secret's current value
 */
export function secretAccess(plan: PostgresPlan & { readonly login: SecretLogin }, fetchSecret: () => Promise<string>): DatabaseAccess {
  let known: Promise<ServerAddress & DatabaseLogin> | undefined;
  /** One request for the address and the login; kept in memory until the server rejects it or fetching failed. */
  const fetched = () => {
    const fetching = known ??= fetchSecret().then((content) => ({ ...readSecret(content, plan.login.secretField), ...given(plan) }));
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
  return {
    address: () => (plan.host === undefined ? fetchedAddress() : { host: plan.host, port: plan.port ?? 5432, encrypted: true, region: plan.region }),
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

function readSecret(content: string, field: string | undefined): ServerAddress & DatabaseLogin {
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

function given({ host, port, databaseName, region }: PostgresPlan) {
  return Object.fromEntries(Object.entries({ host, port, database: databaseName, region }).filter(([, value]) => value !== undefined));
}
