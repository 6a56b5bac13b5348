import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { POOL } from './site';
import { credentialPlace, type CredentialStore } from '../../lambda-src/api-credentials/credential-store';
import { dynamoDbCredentials } from '../../lambda-src/api-credentials/dynamo-db-credentials';
import { postgresCredentials } from '../../lambda-src/api-credentials/postgres-credentials';
import { statementRunner } from '../../lambda-src/stores/postgres/database-options';
import { useDatabase } from '../support/database';
import { startDynamoDb, type Dynalite } from '../support/dynamo-db';

/** A users table of one kind, as the functions and as the test see it. */
export interface CredentialTableKind {
  /** A store for each function. */
  store(): CredentialStore;
  /** What the sync leaves. */
  addRow(sub: string): Promise<void>;
  deleteRow(sub: string): Promise<void>;
  /** What the whole row holds. */
  row(sub: string): Promise<Record<string, unknown> | undefined>;
}

/** The statements of the document. */
const [, DOCUMENTED] = /^```sql\n(.*?)^```$/ms.exec(readFileSync(join(__dirname, '..', '..', 'docs', 'api-credentials.md'), 'utf8'))!;

const COLUMN = 'api_credential_hash';

/** With the login that docs/api-credentials.md creates, and its grants. */
export function usePostgres(): CredentialTableKind {
  const login = `api_credentials_${process.pid}`;
  // Before the database's own, which closes the client.
  afterAll(async () => {
    await database.client.query(`drop owned by ${login}; drop role ${login}`);
  });
  const database = useDatabase();
  beforeAll(async () => {
    await database.client.query(DOCUMENTED.replaceAll('to api_credentials;', `to ${login};`).replace('create role api_credentials login;', `create role ${login} login password 'secret';`));
  });
  return {
    store: () => postgresCredentials(
      statementRunner({ connectionString: database.connectionString({ user: login, password: 'secret' }), table: 'public.users' }),
      { table: 'public.users', place: credentialPlace({ key: { cognito_user_id: 'sub' }, userPoolId: POOL, column: COLUMN }, 'sql') },
    ),
    addRow: async (sub) => void await database.client.query('insert into public.users (cognito_user_id, email) values ($1, $2)', [sub, `${sub}@example.com`]),
    deleteRow: async (sub) => void await database.client.query('delete from public.users where cognito_user_id = $1', [sub]),
    row: async (sub) => (await database.rows('select * from public.users where cognito_user_id = $1', [sub]))[0],
  };
}

/** With a prefix and a sort key, as tables for many kinds of things have them. */
export function useDynamoDb(): CredentialTableKind {
  let dynamoDb: Dynalite;
  beforeAll(async () => {
    dynamoDb = await startDynamoDb();
    await dynamoDb.table('users', { key: { pk: 'S', sk: 'S' } });
  });
  afterAll(() => dynamoDb.stop());
  const keyOf = (sub: string) => ({ pk: { S: `USER#${sub}` }, sk: { S: 'PROFILE' } });
  return {
    store: () => dynamoDbCredentials(
      { tableName: 'users', service: { service: 'dynamodb', region: dynamoDb.region, credentials: () => ({ accessKeyId: 'local', secretAccessKey: 'local' }), endpointUrl: dynamoDb.url } },
      credentialPlace({ key: { pk: { from: 'sub', prefix: 'USER#' }, sk: { constant: 'PROFILE' } }, userPoolId: POOL, column: COLUMN }, 'plain'),
    ),
    addRow: (sub) => dynamoDb.put('users', { ...keyOf(sub), email: { S: `${sub}@example.com` } }),
    deleteRow: async (sub) => {
      await dynamoDb.client.send(new DeleteItemCommand({ TableName: 'users', Key: keyOf(sub) }));
    },
    row: async (sub) => {
      const item = await dynamoDb.item('users', keyOf(sub));
      return item && Object.fromEntries(Object.entries(item).map(([name, value]) => [name, Object.values(value)[0]]));
    },
  };
}
