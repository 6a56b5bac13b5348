import { deployedCredentials } from './deployed-credentials';
import { deployedCredentialsPlan } from './deployed-credentials-plan';
import { credentialAuthorizer } from '../api-credentials/credential-authorizer';

const plan = deployedCredentialsPlan();

export const handler = credentialAuthorizer(plan, () => deployedCredentials(plan));
