import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { UPSERT } from './upsert';

/** What one would write by hand with `pg`: connects on first use, verifies the certificate, one statement. */
const url = new URL(process.env.DATABASE_URL!);
let client: Client | undefined;

export async function handler(event: { request: { userAttributes: Record<string, string> } }) {
  const { sub, email, name, preferred_username: handle } = event.request.userAttributes;
  if (!client) {
    client = new Client({
      host: url.hostname,
      port: Number(url.port),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: url.pathname.slice(1),
      ssl: { ca: readFileSync(url.searchParams.get('sslrootcert')!, 'utf8') },
    });
    await client.connect();
  }
  await client.query(UPSERT, [sub, email, name, handle]);
  return event;
}
