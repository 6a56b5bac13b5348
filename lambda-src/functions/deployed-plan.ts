import { PLAN_VARIABLE, type SyncPlan } from '../../src/private/plan';
import { ConfigurationError } from '../errors';

/** What the construct wrote into the environment; nothing where it cannot be read, since loading must not fail. */
export function deployedPlan(): Partial<SyncPlan> {
  try {
    return Object(JSON.parse(process.env[PLAN_VARIABLE]!));
  } catch {
    return {};
  }
}

export function withoutDatabase({ database }: Partial<SyncPlan>): ConfigurationError {
  return new ConfigurationError(database
    ? `the function got a plan with a database of kind ${JSON.stringify(database.kind)}, which it cannot write to: deploy the functions of the sync together`
    : `the environment variable ${PLAN_VARIABLE} holds no plan with a database: the construct writes it, deploy the stack again`);
}
