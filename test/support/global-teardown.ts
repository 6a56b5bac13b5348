export default async function globalTeardown(): Promise<void> {
  await Promise.all(globalThis.postgresServers.map((server) => server.stop()));
}
