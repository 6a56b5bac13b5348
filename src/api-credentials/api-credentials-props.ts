import type { Duration, aws_cognito as cognito, aws_kms as kms, aws_logs as logs } from 'aws-cdk-lib';
import type { ColumnValue } from '../columns/column-value';
import type { UserDatabase } from '../database/user-database';

/**
 * Whose credentials are kept where.
 */
export interface ApiCredentialsProps {
  /**
   * The user pool that the sync writes. Both functions may look its users up (`cognito-idp:AdminGetUser`), and nothing else.
   */
  readonly userPool: cognito.IUserPool;

  /**
   * The database that holds the users table, which the sync writes: DynamoDB, or anything that runs SQL. From a user service
   * nothing can be read.
   *
   * Best with a login of its own, which may read the key, and read and change the credential's column: one that is there, since
   * `DatabaseLogin.created()` knows the columns of a sync alone.
   *
   * @exampleMetadata fixture=api
   * @example
   * new CognitoUserSync(this, 'UserSync', {
   *   userPool,
   *   database: UserDatabase.fromInstance(instance, {
   *     databaseName: 'app',
   *     table: 'public.users',
   *     login: DatabaseLogin.created({ administrator: instance.secret!, userName: 'user_sync' }),
   *   }),
   *   columns: { cognito_user_id: ColumnValue.sub(), email: ColumnValue.attribute('email') },
   * });
   * const credentials = new ApiCredentials(this, 'ApiCredentials', {
   *   userPool,
   *   database: UserDatabase.fromInstance(instance, {
   *     databaseName: 'app',
   *     table: 'public.users',
   *     login: DatabaseLogin.iam('api_credentials'),
   *   }),
   *   key: { cognito_user_id: ColumnValue.sub() },
   * });
   */
  readonly database: UserDatabase;

  /**
   * Columns that together find a user's row, as the sync maps them: from `sub`, the user pool's id, and constants. Where the
   * database has a `key`, exactly its columns; of a table in DynamoDB, its whole key.
   *
   * Best the same constant as in the sync's `columns`: where the two differ, nobody's row is found, and every claim is answered
   * with 409.
   */
  readonly key: { [column: string]: ColumnValue };

  /**
   * Column (or attribute) that holds the hash of the credential, and the username, of type text. The username, which may be an
   * e-mail address, is what Cognito is asked by. The sync must not map the column.
   *
   * @default 'api_credential_hash'
   */
  readonly column?: string;

  /**
   * How long API Gateway keeps what the authorizer answered, for all requests with the same credential. A credential that was
   * rotated or revoked, and that of a user who was disabled or deleted, is refused after that time at the latest. 0 asks for
   * every request.
   *
   * At most one hour.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
   * @default Duration.minutes(5)
   */
  readonly cacheTtl?: Duration;

  /**
   * App clients whose tokens may claim a credential, which lasts longer than any token: leave out those that others run.
   *
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
   * @default - any client of the pool
   */
  readonly userPoolClients?: cognito.IUserPoolClient[];

  /**
   * Origins whose pages may claim a credential from a REST API, such as `https://app.example.com`, or `*` for all: the claim
   * function's answers have CORS headers for these. What comes before that, the preflight request, is the API's own
   * (`defaultCorsPreflightOptions`). An HTTP API needs none of this: its `corsPreflight` covers answers, too.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
   * @default - none
   * @exampleMetadata fixture=api
   * @example
   * const credentials = new ApiCredentials(this, 'ApiCredentials', {
   *   userPool,
   *   database: UserDatabase.dynamoDb(table),
   *   key: { sub: ColumnValue.sub() },
   *   allowOrigins: ['https://app.example.com'],
   * });
   *
   * const api = new apigateway.RestApi(this, 'RestApi');
   * const credential = api.root.addResource('credential', {
   *   defaultCorsPreflightOptions: { allowOrigins: ['https://app.example.com'], allowMethods: ['POST', 'DELETE'], allowHeaders: ['Authorization'] },
   *   defaultIntegration: new apigateway.LambdaIntegration(credentials.claimFunction),
   *   defaultMethodOptions: { authorizer: new apigateway.CognitoUserPoolsAuthorizer(this, 'SignedIn', { cognitoUserPools: [userPool] }) },
   * });
   * credential.addMethod('POST');
   * credential.addMethod('DELETE');
   */
  readonly allowOrigins?: string[];

  /**
   * Concurrency that is reserved for the authorizer: so many connections does the database get at the most, whoever calls the
   * API. What is more at once fails, and is counted by Lambda's metric of throttles.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   * @default - none
   */
  readonly authorizerConcurrency?: number;

  /**
   * Memory of both functions, in MB. Whoever calls the API waits for a cold start.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   * @default 512
   */
  readonly memorySize?: number;

  /**
   * Whether the functions count what they do, in CloudWatch's embedded metric format: `claimed`, `revoked`, `authorized`,
   * `refused` and `unavailable`. Lambda's own metric of errors counts who was refused at a REST API, too.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format.html
   * @default true
   */
  readonly metrics?: boolean;

  /**
   * Whether the functions log every request, with the `sub` and why somebody was refused. What went wrong is always logged.
   *
   * @default true
   */
  readonly successLogs?: boolean;

  /**
   * Log group of the functions.
   *
   * @default - a new one that keeps log lines for one month
   */
  readonly logGroup?: logs.ILogGroup;

  /**
   * KMS key that the functions' log lines are encrypted with, as with `CognitoUserSync`.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   * @default - CloudWatch Logs' own encryption
   */
  readonly logEncryptionKey?: kms.IKey;
}
