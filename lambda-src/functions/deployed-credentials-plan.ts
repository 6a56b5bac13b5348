import { CREDENTIALS_VARIABLE, type CredentialsPlan } from '../../src/private/credentials-plan';
import { ConfigurationError } from '../errors';

/** What the construct wrote into the environment; nothing where it cannot be read, since loading must not fail. */
export function deployedCredentialsPlan(): CredentialsPlan {
  try {
    return Object(JSON.parse(process.env[CREDENTIALS_VARIABLE]!));
  } catch {
    return {} as CredentialsPlan;
  }
}

export function withoutTable({ database }: CredentialsPlan): ConfigurationError {
  return new ConfigurationError(database
    ? `the function got a plan with a database of kind ${JSON.stringify(database.kind)}, which it cannot read: deploy both functions of the API credentials together`
    : `the environment variable ${CREDENTIALS_VARIABLE} holds no plan with a database: the construct writes it, deploy the stack again`);
}
