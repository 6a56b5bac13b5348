/**
 * What the construct tells the functions it deploys: one JSON document in one environment variable.
 * This, and `credentials-plan.ts` for the functions of API credentials, are the only contracts between `src` and
 * `lambda-src`; the factories' options use the same words.
 */

/** The environment variable that holds a {@link SyncPlan} as JSON. */
export const PLAN_VARIABLE = 'COGNITO_USER_SYNC_PLAN';

export interface SyncPlan {
  /** Left out for a trigger function that only queues. */
  readonly database?: DatabasePlan;
  /** Column name → where its value comes from and who owns it. */
  readonly columns: Readonly<Record<string, ColumnPlan>>;
  /** Left out for the writer, which tells whoever invoked it. */
  readonly queue?: QueuePlan;
  /** Of the trigger function alone. */
  readonly delivery?: DeliveryPlan;
  /** Of the consumer alone. */
  readonly consumer?: ConsumerPlan;
  /** Of the inspector alone, where it creates the login first. */
  readonly creation?: LoginCreationPlan;
  /** @default true */
  readonly metrics?: boolean;
  /** Lines that tell of success; those that tell of trouble are always written. @default true */
  readonly successLogs?: boolean;
}

/** One member per kind of user store. */
export type DatabasePlan = SqlPlan | DynamoDbPlan | UserServicePlan | RelayPlan;

/** Those that run SQL, and that a deployment can look at. */
export type SqlPlan = PostgresPlan | DsqlPlan | DataApiPlan;

export function isSql(database: DatabasePlan): database is SqlPlan {
  return database.kind === 'postgres' || database.kind === 'dsql' || database.kind === 'dataApi';
}

/** How columns may be called: as SQL's identifiers, or as any text (the fields of items and JSON). */
export type ColumnNames = 'sql' | 'plain';

/** The table, in whatever kind of SQL database. */
export interface TablePlan {
  /** As the user wrote it: `users`, `public.users`, `"My Schema"."Users"`. */
  readonly table: string;
  /** Conflict target; left out where it is the only column mapped from `sub`. */
  readonly key?: readonly string[];
}

/** Rows are written by the writer function, which is inside the VPC. */
export interface RelayPlan {
  readonly kind: 'relay';
  /** Name or ARN of the writer function. */
  readonly functionName: string;
  /** As in {@link TablePlan}. */
  readonly key?: readonly string[];
  /** Of what the writer writes to. @default 'sql' */
  readonly names?: ColumnNames;
}

export interface QueuePlan {
  readonly url: string;
}

export interface DeliveryPlan {
  /** @default 'inline' */
  readonly mode?: DeliveryMode;
  /** Whether sign-up fails where neither the table nor the queue took the user. @default false */
  readonly failSignUp?: boolean;
}

export const DELIVERY_MODES = ['inline', 'queued'] as const;
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

export interface ConsumerPlan {
  readonly deadLetterQueueUrl: string;
  /** The only pool whose users are written. Left out where naming it would make a cycle of stacks: then IAM alone keeps foreign pools out. */
  readonly userPoolId?: string;
  /** Unique id of the trigger's role: a snapshot that somebody else sent is not believed, but read again from Cognito. */
  readonly trustedSender?: string;
  /** Most users that one consumer reads from Cognito in a second. @default 10 */
  readonly readsPerSecond?: number;
}

export interface PostgresPlan extends TablePlan {
  readonly kind: 'postgres';
  /** Left out where the secret knows it. */
  readonly host?: string;
  readonly port?: number;
  readonly databaseName?: string;
  /** Region of the database, which decides which certificates are trusted; left out for databases that RDS does not run. */
  readonly region?: string;
  /** Whether the certificate authorities to trust stand in {@link OWN_CERTIFICATES}, beside the function. */
  readonly ownCertificates?: boolean;
  /** Whether a URL in the secret or parameter may turn TLS off (`sslmode=disable`). @default false */
  readonly mayBeUnencrypted?: boolean;
  readonly login: SecretLogin | ParameterLogin | IamLogin;
}

/** Aurora DSQL, where nothing but a token of the role's logs in. */
export interface DsqlPlan extends TablePlan {
  readonly kind: 'dsql';
  readonly host: string;
  readonly region: string;
  readonly user: string;
}

/** A cluster of Aurora by HTTPS: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.html */
export interface DataApiPlan extends TablePlan {
  readonly kind: 'dataApi';
  readonly clusterArn: string;
  /** Of the login, which the service reads. */
  readonly secretArn: string;
  readonly databaseName: string;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html */
export interface DynamoDbPlan {
  readonly kind: 'dynamoDb';
  /** Name, or ARN. */
  readonly tableName: string;
  /** @default - the function's own */
  readonly region?: string;
  /** Partition key, and sort key where the table has one; left out where the only column mapped from `sub` is the key. */
  readonly key?: readonly string[];
}

/** An application's own service, which keeps the users itself. */
export interface UserServicePlan {
  readonly kind: 'userService';
  /** Of all users, such as `https://users.example.com/api/v1/users`: a PUT goes to the user's key below it, a POST to itself. */
  readonly url: string;
  /** @default 'PUT' */
  readonly method?: ServiceMethod;
  /** Conflict target, as in {@link TablePlan}; the path of a PUT. */
  readonly key?: readonly string[];
  /** Left out for a service that lets everybody in who reaches it. */
  readonly login?: ServiceSecretLogin | ServiceIamLogin;
  /** As in {@link PostgresPlan}. */
  readonly ownCertificates?: boolean;
  /** Whether the URL may be `http:`. @default false */
  readonly mayBeUnencrypted?: boolean;
}

export const SERVICE_METHODS = ['PUT', 'POST'] as const;
/** PUT makes or changes the user's resource; POST only makes one. */
export type ServiceMethod = (typeof SERVICE_METHODS)[number];

/** A header with an API key or a bearer token. */
export interface ServiceSecretLogin {
  readonly secretArn: string;
  /** JSON field of the secret; left out where the whole secret is the key or token. */
  readonly secretField?: string;
  /** Such as `x-api-key`. @default - `Authorization: Bearer …` */
  readonly header?: string;
}

/** Requests are signed as the function's role: https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html */
export interface ServiceIamLogin {
  /** Of the API. */
  readonly signingRegion: string;
}

/** Where and as whom the deploy-time function creates the login that the others use. */
export interface LoginCreationPlan {
  readonly userName: string;
  readonly host: string;
  readonly port: number;
  readonly databaseName: string;
  readonly region?: string;
  readonly ownCertificates?: boolean;
}

/** What a deployment does about errors that it finds. */
export type CheckMode = 'warn' | 'fail';

/** The resource in a template that stands for the check. */
export const CHECK_RESOURCE = 'Custom::CognitoUserSyncCheck';

/** Its properties, as CloudFormation hands them to the function that answers it. */
export interface CheckProperties {
  readonly Mode: CheckMode;
  /** Name of the function that looks. */
  readonly Inspector: string;
  /** ARN of the secret of whoever creates the login. */
  readonly Administrator?: string;
  /** All that the outcome depends on, so that a change of it is an update. */
  readonly Checked: string;
}

/** PEM file beside the function's code. */
export const OWN_CERTIFICATES = 'certificates/own.pem';

export interface SecretLogin {
  readonly secretArn: string;
  /** JSON field of the secret that holds a connection URL; left out where the whole secret is one, or has the fields RDS gives it. */
  readonly secretField?: string;
}

/** A connection URL in the Parameter Store of Systems Manager. */
export interface ParameterLogin {
  readonly parameterArn: string;
}

export interface IamLogin {
  readonly iamUser: string;
}

/** Where a column's value comes from. Cognito's own attribute names are a closed list, so the other names cannot clash with them. */
export type ColumnSource = string;

/** Sources that are not attributes. `clientMetadata:<key>` comes on top. */
export const USER_SOURCES = ['sub', 'username', 'userPoolId', 'status', 'enabled', 'identityProvider', 'attributes', 'observedAt'] as const;

/** Kinds of sources that are no text. */
export const DEFAULT_KINDS: Readonly<Record<string, ColumnKindName>> = { enabled: 'boolean', observedAt: 'timestamp', attributes: 'json' };

/** What a key may consist of, beside constants: it never changes, and every source knows it. */
export const KEY_SOURCES: readonly ColumnSource[] = ['sub', 'username', 'userPoolId'];

/** The standard attributes of a user pool: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html */
export const STANDARD_ATTRIBUTES = [
  'address', 'birthdate', 'email', 'email_verified', 'family_name', 'gender', 'given_name', 'identities', 'locale',
  'middle_name', 'name', 'nickname', 'phone_number', 'phone_number_verified', 'picture', 'preferred_username',
  'profile', 'updated_at', 'website', 'zoneinfo',
] as const;

export const CLIENT_METADATA_PREFIX = 'clientMetadata:';

export const COLUMN_KINDS = ['text', 'boolean', 'integer', 'numeric', 'uuid', 'date', 'timestamp', 'json'] as const;
export type ColumnKindName = (typeof COLUMN_KINDS)[number];

/** Who owns the column after the row exists: Cognito, the application, or Cognito until the application has written it. */
export const COLUMN_WRITES = ['always', 'onInsert', 'whileNull'] as const;
export type ColumnWriteName = (typeof COLUMN_WRITES)[number];

/** A plain source, or a source (or constant) with its options. */
export type ColumnPlan = ColumnSource | ColumnPlanOptions;

export interface ColumnPlanOptions {
  readonly from?: ColumnSource;
  /** Instead of `from`. */
  readonly constant?: string;
  readonly kind?: ColumnKindName;
  readonly write?: ColumnWriteName;
  /** Written where Cognito has no value. */
  readonly fallback?: string;
  /** A user without this value is not written, and is reported. */
  readonly required?: boolean;
  /** Stands before the value, as in keys of a table for many kinds of things: `USER#`. Of kind text alone. */
  readonly prefix?: string;
  /** The pool lets nobody change the attribute, so that it may be in the key. */
  readonly immutable?: boolean;
}
