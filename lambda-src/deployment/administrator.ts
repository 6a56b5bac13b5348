import type { InspectionRequest } from './inspection';
import { awsEnvironment } from '../aws/environment';
import { secretValue } from '../aws/secrets-manager';
import { ConfigurationError } from '../errors';
import { readSecret } from '../stores/postgres/secret-access';

/** @throws UserSyncError, which never shows the secret */
export async function administratorIn(secretArn: string): Promise<InspectionRequest['administrator']> {
  const secret = await secretValue(secretArn, { credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('SECRETS_MANAGER') });
  const { user, password } = readSecret(secret, undefined);
  if (typeof password !== 'string' || password === '') throw new ConfigurationError(`the administrator's secret ${secretArn} has no password: expected the secret of a user who logs in by one`);
  return { user, password };
}
