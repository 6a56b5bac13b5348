import { PLAN_VARIABLE, type RelayPlan, type SyncPlan } from '../../src/private/plan';
import { awsEnvironment } from '../aws/environment';
import { ConfigurationError } from '../errors';
import type { DatabaseOptions } from '../stores/postgres/database-options';

/** What the construct wrote into the environment; nothing where it cannot be read, since loading must not fail. */
export function deployedPlan(): Partial<SyncPlan> {
  try {
    return Object(JSON.parse(process.env[PLAN_VARIABLE]!));
  } catch {
    return {};
  }
}

/** @throws ConfigurationError */
export function databaseOf({ database }: Partial<SyncPlan>): DatabaseOptions | RelayPlan {
  if (!database) throw new ConfigurationError(`the environment variable ${PLAN_VARIABLE} holds no plan with a database: the construct writes it, deploy the stack again`);
  if (database.kind === 'relay') return database;
  const { region, credentials } = awsEnvironment;
  return { ...database, login: { ...database.login, region, credentials, endpointUrl: awsEnvironment.endpointUrl('SECRETS_MANAGER') } };
}
