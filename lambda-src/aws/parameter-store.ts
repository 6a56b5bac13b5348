import { ConfigurationError } from '../errors';
import { askedFor, type KeeperAccess, type TextKeeper } from './stored-text';

const PARAMETER_STORE: TextKeeper = { name: 'Systems Manager', service: 'ssm', target: 'AmazonSSM.GetParameter', action: 'ssm:GetParameter' };

/**
 * The current value of a parameter, decrypted. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 *
 * @throws UserSyncError, which names the parameter and never shows it
 */
export async function parameterValue(parameterArn: string, access: KeeperAccess): Promise<string> {
  const { Parameter } = await askedFor(parameterArn, { Name: parameterArn, WithDecryption: true }, PARAMETER_STORE, access);
  const { Value } = Object(Parameter);
  if (typeof Value === 'string') return Value;
  throw new ConfigurationError(`the parameter ${parameterArn} has no value: expected a connection URL`);
}
