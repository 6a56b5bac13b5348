import { PostgresConnection, type StatementRunner } from './connection';
import { parseConnectionUrl } from './connection-url';
import type { DatabaseAccess } from './database-access';
import { iamAccess } from './iam-access';
import { readSecret, secretAccess } from './secret-access';
import type { PostgresPlan } from '../../../src/private/plan';
import type { AwsEnvironment } from '../../aws/environment';
import { parameterValue } from '../../aws/parameter-store';
import { secretValue } from '../../aws/secrets-manager';

/** @throws ConfigurationError */
export function postgresRunner(plan: PostgresPlan, aws: AwsEnvironment): StatementRunner {
  return new PostgresConnection(plannedAccess(plan, aws));
}

/**
 * The way to a PostgreSQL as the plan says, by whichever login.
 *
 * @throws ConfigurationError
 */
export function plannedAccess(plan: PostgresPlan, { region, credentials, endpointUrl }: AwsEnvironment): DatabaseAccess {
  const { login } = plan;
  if ('iamUser' in login) return iamAccess({ ...plan, login }, region, credentials);
  return secretAccess(plan, 'secretArn' in login
    ? async () => readSecret(await secretValue(login.secretArn, { credentials, endpointUrl: endpointUrl('SECRETS_MANAGER') }), login.secretField)
    : async () => parseConnectionUrl((await parameterValue(login.parameterArn, { credentials, endpointUrl: endpointUrl('SSM') })).trim()));
}
