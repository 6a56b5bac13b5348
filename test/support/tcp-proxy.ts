import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { delayLine } from './delay-line';

/** A real TCP proxy on a port of its own, for what networks do: they are slow, they break, and they go silent. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open now. */
  readonly connections: number;
  /** Added to each direction. The TCP handshake itself stays local and fast. */
  latencyMs: number;
  /** Resets all connections (RST), as a failover does. */
  cut(): void;
  /** Lets the connections of this moment pass nothing more, without FIN or RST, as a firewall that forgot them; new ones work. */
  silence(): void;
  /** From now on accepts connections and passes nothing. */
  blackHole(): Promise<void>;
  /** From now on nobody listens: new connections get ECONNREFUSED, open ones stay. */
  refuse(): Promise<void>;
  /** Undoes `blackHole` and `refuse` for connections to come. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

interface Connection {
  readonly client: Socket;
  /** None in a black hole. */
  readonly server?: Socket;
  silent: boolean;
}

export async function startTcpProxy(targetPort: number, { latencyMs = 0 } = {}): Promise<TcpProxy> {
  const connections = new Set<Connection>();
  const delay = delayLine();
  let passing = true;

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const server = passing ? connect({ host: 'localhost', port: targetPort, allowHalfOpen: true, noDelay: true }) : undefined;
    const connection: Connection = { client, server, silent: !passing };
    connections.add(connection);
    for (const side of [client, server]) {
      side?.on('close', () => {
        if (client.closed && (server?.closed ?? true)) connections.delete(connection);
      });
    }
    if (server) {
      pass(connection, client, server);
      pass(connection, server, client);
    } else {
      client.on('error', () => client.destroy()).resume();
    }
  });
  const listen = async (port: number) => {
    listener.listen(port, 'localhost');
    await once(listener, 'listening');
  };
  await listen(0);
  const { port } = listener.address() as AddressInfo;

  /** Chunk by chunk, the end included, each `latencyMs` after it came; a broken side breaks the other one. */
  function pass(connection: Connection, from: Socket, to: Socket): void {
    const later = (deliver: () => void) => delay(proxy.latencyMs, () => {
      if (!connection.silent && !to.destroyed) deliver();
    });
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => later(() => to.resetAndDestroy()));
  }

  const proxy: TcpProxy = {
    port,
    latencyMs,
    get connections() { return connections.size; },
    cut() {
      for (const { client, server } of connections) {
        client.resetAndDestroy();
        server?.resetAndDestroy();
      }
    },
    silence() {
      for (const connection of connections) connection.silent = true;
    },
    async blackHole() {
      await proxy.restore();
      passing = false;
    },
    async refuse() {
      // Not awaited until closed: that would wait for the open connections, too.
      if (listener.listening) listener.close();
    },
    async restore() {
      passing = true;
      if (!listener.listening) await listen(port);
    },
    async stop() {
      const closed = listener.listening && once(listener, 'close');
      listener.close();
      proxy.cut();
      await closed;
    },
  };
  return proxy;
}
