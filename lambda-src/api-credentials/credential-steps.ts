import type { CredentialOptions } from './credential-options';
import type { CredentialStore } from './credential-store';
import { awsEnvironment } from '../aws/environment';
import { Deadline } from '../deadline';
import { loggedError } from '../delivery/logged-error';
import type { Report } from '../delivery/reporting';
import type { InvocationContext } from '../delivery/sign-up-deadline';
import { ConfigurationError } from '../errors';
import { userDirectory, type UserDirectory } from '../sources/user-directory';

/** What both functions of API credentials work with. */
export interface CredentialSteps {
  readonly store: Promise<CredentialStore>;
  readonly directory: UserDirectory;
}

/** Kept for the answer, and the line of the log. */
const ANSWER_MILLIS = 500;

/** API Gateway waits no longer than 10 seconds for an authorizer, and 29 for anything else. */
const MOST_MILLIS = 8_000;

/** @param open asked for while loading, without connecting yet. What it throws is told, and does not keep the function from loading */
export function credentialSteps({ userPoolId }: CredentialOptions, open: () => CredentialStore, report: Report): CredentialSteps {
  const store = (async () => {
    const opened = open();
    if (!userPoolId) throw new ConfigurationError('the options have no userPoolId: expected the id of the user pool, such as eu-west-1_AbCdEfGhI; is the environment variable set?');
    return opened;
  })();
  // Told while loading and with every request.
  store.catch((error) => report({ level: 'ERROR', message: 'the configuration is wrong: no credential can be looked at', error: loggedError(error) }));
  return {
    store,
    // One request at a time: whoever calls the API is counted by API Gateway, and nobody is kept waiting here.
    directory: userDirectory({ credentials: awsEnvironment.credentials, endpointUrl: awsEnvironment.endpointUrl('COGNITO_IDENTITY_PROVIDER') }, Infinity),
  };
}

export function requestDeadline(context: InvocationContext | undefined): Deadline {
  return Deadline.after(Math.min(MOST_MILLIS, (context?.getRemainingTimeInMillis?.() ?? Infinity) - ANSWER_MILLIS));
}
