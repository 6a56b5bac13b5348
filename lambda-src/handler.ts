/** The public entry `cognito-user-sync/handler`: only exports. */
export { createCredentialAuthorizer, createCredentialClaim, type CredentialTableOptions } from './api-credentials/create-credentials';
export type { CredentialAuthorizer, CredentialAuthorizerOptions } from './api-credentials/credential-authorizer';
export type { CredentialClaim } from './api-credentials/credential-claim';
export type { CredentialOptions } from './api-credentials/credential-options';
export type { CognitoUser } from './cognito-user';
export { compose, type TriggerHandler } from './compose';
export type { Log, LogLine, Outcome } from './delivery/log';
export type { InvocationContext } from './delivery/sign-up-deadline';
export type { QueueOptions } from './delivery/queue';
export type { ColumnMapping } from './mapping/row-mapping';
export { createPostConfirmationHandler, type PostConfirmationHandler, type PostConfirmationOptions } from './post-confirmation';
export { createQueueConsumer, type QueueConsumer, type QueueConsumerOptions } from './queue-consumer';
export type { CognitoTriggerEvent } from './sources/trigger-event';
export type { DynamoDbOptions } from './stores/dynamo-db/dynamo-db-options';
export type { DatabaseOptions } from './stores/postgres/database-options';
export type { UserServiceOptions } from './stores/user-service/user-service-options';
export type { UserDatabaseOptions } from './user-database-options';
export type { WriteOutcome } from './user-store';
