import { ConfigurationError } from '../errors';
import { askedFor, type KeeperAccess, type TextKeeper } from './stored-text';

const SECRETS_MANAGER: TextKeeper = { name: 'Secrets Manager', service: 'secretsmanager', target: 'secretsmanager.GetSecretValue', action: 'secretsmanager:GetSecretValue' };

/**
 * The current value of a secret. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 *
 * @throws UserSyncError, which names the secret and never shows it
 */
export async function secretValue(secretArn: string, access: KeeperAccess): Promise<string> {
  const { SecretString } = await askedFor(secretArn, { SecretId: secretArn }, SECRETS_MANAGER, access);
  if (typeof SecretString === 'string') return SecretString;
  throw new ConfigurationError(`the secret ${secretArn} has no text: expected SecretString, not SecretBinary`);
}
