import { deployedCredentials } from './deployed-credentials';
import { deployedCredentialsPlan } from './deployed-credentials-plan';
import { credentialClaim } from '../api-credentials/credential-claim';

const plan = deployedCredentialsPlan();

export const handler = credentialClaim(plan, () => deployedCredentials(plan));
