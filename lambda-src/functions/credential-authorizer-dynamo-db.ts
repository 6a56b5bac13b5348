import { deployedCredentialsPlan } from './deployed-credentials-plan';
import { deployedDynamoDbCredentials } from './deployed-dynamo-db-credentials';
import { credentialAuthorizer } from '../api-credentials/credential-authorizer';

const plan = deployedCredentialsPlan();

export const handler = credentialAuthorizer(plan, () => deployedDynamoDbCredentials(plan));
