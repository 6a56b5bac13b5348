import type { PostgresAddress } from './postgres-address';
import type { PostgresVersion } from './postgres-binaries';

type Servers = Readonly<Record<PostgresVersion, PostgresAddress>>;

/** jest's workers are processes of their own and inherit nothing but the environment. */
const VARIABLE = 'TEST_POSTGRES_SERVERS';

export function shareServers(servers: Servers): void {
  process.env[VARIABLE] = JSON.stringify(servers);
}

export function sharedServer(version: PostgresVersion): PostgresAddress {
  const servers = process.env[VARIABLE];
  if (servers === undefined) {
    throw new Error(`no PostgreSQL is running, got no ${VARIABLE}: run this file with npx jest, whose global setup starts the servers`);
  }
  return (JSON.parse(servers) as Servers)[version];
}
