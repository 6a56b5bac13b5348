import { PLAN_VARIABLE, type SyncPlan } from '../../src/private/plan';
import { ConfigurationError } from '../errors';
import { createPostConfirmationHandler } from '../handler';

const { env } = process;

const aws = {
  region: env.AWS_REGION,
  endpointUrl: env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? env.AWS_ENDPOINT_URL,
  credentials: () => ({ accessKeyId: env.AWS_ACCESS_KEY_ID!, secretAccessKey: env.AWS_SECRET_ACCESS_KEY!, sessionToken: env.AWS_SESSION_TOKEN }),
};

/**
 * The deployed Post Confirmation function: the factory, with the options that the construct wrote into the environment.
 * They are read through getters, within the factory's guard: a plan that cannot be read must not keep the function from
 * loading, since Cognito would fail every sign-up then.
 */
export const handler = createPostConfirmationHandler({
  get database() {
    const { login, ...database } = plan().database;
    return { ...database, login: { ...login, ...aws } };
  },
  get columns() {
    return plan().columns;
  },
});

function plan(): SyncPlan {
  try {
    return JSON.parse(env[PLAN_VARIABLE]!);
  } catch {
    throw new ConfigurationError(`the environment variable ${PLAN_VARIABLE} holds no JSON: the construct writes it, deploy the stack again`);
  }
}
