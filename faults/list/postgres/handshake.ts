import type { Fault } from '../../fault';
import type { PostgresStore } from '../../stores/postgres';

/** Of the network, in the middle of what client and PostgreSQL do before any statement. */
export const handshakeFaults: readonly Fault<PostgresStore>[] = [
  { name: 'black hole at TLS', stage: 'tls' as const },
  { name: 'black hole at authentication', stage: 'authentication' as const },
].map(({ name, stage }) => ({
  name,
  arrange: async ({ proxy }) => { proxy.silenceAt(stage); proxy.cut(); },
  lift: ({ proxy }) => proxy.restore(),
}));
