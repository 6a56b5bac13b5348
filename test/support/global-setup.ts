import { node24 } from './node24';
import { startPostgres, type PostgresServer } from './postgres-server';
import { shareServers } from './shared-servers';

declare global {
  var postgresServers: readonly PostgresServer[];
}

/** One server of each version for the whole run; each test file has a database of its own in it (database.ts). */
export default async function globalSetup(): Promise<void> {
  // Installed here at the first time: the files that need it would all do it at once.
  await node24();
  // Each handler keeps its connection, and several files run at once.
  const settings = { max_connections: '500' };
  const started = await Promise.allSettled([startPostgres({ version: 14, settings }), startPostgres({ version: 18, settings })]);
  globalThis.postgresServers = started.flatMap((result) => result.status === 'fulfilled' ? [result.value] : []);
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await Promise.all(globalThis.postgresServers.map((server) => server.stop()));
    throw failed.reason;
  }
  const [fourteen, eighteen] = globalThis.postgresServers;
  shareServers({ 14: fourteen, 18: eighteen });
}
