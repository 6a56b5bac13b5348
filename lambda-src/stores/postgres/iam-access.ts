import type { DatabaseAccess } from './database-access';
import { iamToken } from './iam-token';
import type { IamLogin, PostgresPlan } from '../../../src/private/plan';
import type { AwsCredentials } from '../../aws/credentials';
import { ConfigurationError } from '../../errors';

/** Reaches an RDS database as a user with IAM authentication: nothing is stored, and nothing is fetched. */
export function iamAccess(plan: PostgresPlan & { readonly login: IamLogin }, region: string | undefined, credentials: () => AwsCredentials): DatabaseAccess {
  const { host, port = 5432, databaseName, ownCertificates, login: { iamUser } } = plan;
  const signingRegion = plan.region ?? region;
  if (!host || !databaseName || !signingRegion) {
    throw new ConfigurationError(`IAM login got host ${JSON.stringify(host)}, databaseName ${JSON.stringify(databaseName)} and Region ${JSON.stringify(signingRegion)}: expected all three`);
  }
  return {
    address: () => ({ host, port, encrypted: true, region: signingRegion, ownCertificates }),
    // A token is good for 15 minutes, and checked only when connecting: one for each connection.
    login: async () => ({ user: iamUser, password: () => iamToken(host, port, signingRegion, iamUser, credentials()), database: databaseName }),
  };
}
