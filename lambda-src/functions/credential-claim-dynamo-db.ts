import { deployedCredentialsPlan } from './deployed-credentials-plan';
import { deployedDynamoDbCredentials } from './deployed-dynamo-db-credentials';
import { credentialClaim } from '../api-credentials/credential-claim';

const plan = deployedCredentialsPlan();

export const handler = credentialClaim(plan, () => deployedDynamoDbCredentials(plan));
