import { readFileSync } from 'node:fs';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import { UPSERT } from './upsert';

/** What one would write by hand with a secret: fetches it with the AWS SDK, connects with what it says, one statement. */
let client: Client | undefined;

export async function handler(event: { request: { userAttributes: Record<string, string> } }) {
  const { sub, email, name, preferred_username: handle } = event.request.userAttributes;
  if (!client) {
    const { SecretString } = await new SecretsManagerClient({}).send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ARN }));
    const { host, port, username, password, dbname } = JSON.parse(SecretString!);
    client = new Client({ host, port, user: username, password, database: dbname, ssl: { ca: readFileSync(process.env.CA_FILE!, 'utf8') } });
    await client.connect();
  }
  await client.query(UPSERT, [sub, email, name, handle]);
  return event;
}
