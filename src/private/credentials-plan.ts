import type { ColumnPlan, DynamoDbPlan, SqlPlan } from './plan';

/** The environment variable that holds a {@link CredentialsPlan} as JSON. */
export const CREDENTIALS_VARIABLE = 'COGNITO_USER_SYNC_CREDENTIALS';

/** What the construct tells the two functions of API credentials. */
export interface CredentialsPlan {
  /** The only pool whose users have credentials. */
  readonly userPoolId: string;
  readonly database: CredentialsDatabasePlan;
  /** App clients whose tokens may claim. @default - any client of the pool */
  readonly clientIds?: readonly string[];
  /** Whose pages may read what the claim function answers. @default - none */
  readonly allowOrigins?: readonly string[];
  /** Columns that find the user's row, mapped as the sync maps them. */
  readonly key: Readonly<Record<string, ColumnPlan>>;
  /** Column that holds the hash and the username, and that the sync does not map. */
  readonly column: string;
  /** As in SyncPlan. @default true */
  readonly metrics?: boolean;
  /** As in SyncPlan. @default true */
  readonly successLogs?: boolean;
}

/** Where rows can be read, too: nobody reads from a user service. */
export type CredentialsDatabasePlan = SqlPlan | DynamoDbPlan;

/** Where a key comes from that two functions can make of a `sub` alone. */
export const CREDENTIAL_KEY_SOURCES = ['sub', 'userPoolId'] as const;

/** What a column with the hash is called unless somebody says otherwise. */
export const CREDENTIAL_COLUMN = 'api_credential_hash';
