import { DeploymentError } from './deployment-error';
import type { InspectionRequest } from './inspection';
import { awsEnvironment } from '../aws/environment';
import { secretValue } from '../aws/secrets-manager';

/** @throws UserSyncError, which never shows the secret */
export async function administratorIn(secretArn: string): Promise<InspectionRequest['administrator']> {
  const secret = await secretValue(secretArn, { credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('SECRETS_MANAGER') });
  const { username, password } = fieldsOf(secret);
  if (typeof username === 'string' && typeof password === 'string') return { user: username, password };
  throw new DeploymentError(`the administrator's secret ${secretArn} has no username or no password: expected JSON with both, as the secrets have that RDS and the CDK make`);
}

function fieldsOf(secret: string): { readonly username?: unknown; readonly password?: unknown } {
  try {
    return Object(JSON.parse(secret));
  } catch {
    return {};
  }
}
