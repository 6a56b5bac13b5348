import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { delayLine } from './delay-line';
import { stageReader, type Stage } from './tls-stage';

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
  /** From now on connections go silent when PostgreSQL's client comes to that stage; those that are open now are past it. */
  silenceAt(stage: Stage): void;
  /** From now on passes what the client sends, and nothing of what it is answered, on any connection. */
  holdAnswers(): void;
  /** From now on nobody listens: new connections get ECONNREFUSED, open ones stay. */
  refuse(): Promise<void>;
  /** From now on nobody answers a SYN: new connections never open, as behind a firewall that drops packets. */
  drop(): Promise<void>;
  /** Undoes all of these for connections to come. */
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
  let silentFrom: Stage | undefined;
  let isHoldingAnswers = false;
  let deafPort: ChildProcess | undefined;

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
      const hasReached = stageReader();
      client.on('data', (chunk) => {
        if (hasReached(chunk, silentFrom)) connection.silent = true;
      });
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
      if (connection.silent || to.destroyed || (isHoldingAnswers && to === connection.client)) return;
      deliver();
    });
    from.on('data', (chunk) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => later(() => reset(to)));
  }

  async function closeDeafPort(): Promise<void> {
    if (!deafPort) return;
    const exited = once(deafPort, 'exit');
    deafPort.kill('SIGKILL');
    await exited;
    deafPort = undefined;
  }

  const proxy: TcpProxy = {
    port,
    latencyMs,
    get connections() { return connections.size; },
    cut() {
      for (const { client, server } of connections) {
        reset(client);
        if (server) reset(server);
      }
    },
    silence() {
      for (const connection of connections) connection.silent = true;
    },
    async blackHole() {
      await proxy.restore();
      passing = false;
    },
    silenceAt(stage) {
      silentFrom = stage;
    },
    holdAnswers() {
      isHoldingAnswers = true;
    },
    async refuse() {
      // Not awaited until closed: that would wait for the open connections, too.
      if (listener.listening) listener.close();
    },
    async drop() {
      await proxy.refuse();
      deafPort = fork(join(__dirname, 'deaf-port.js'), [String(port)], { execArgv: [] });
      await once(deafPort, 'message');
      // Stopped as it is, it does not notice that we end.
      process.once('exit', () => deafPort?.kill('SIGKILL'));
      deafPort.kill('SIGSTOP');
      while (await answersSyn(port));
    },
    async restore() {
      passing = true;
      silentFrom = undefined;
      isHoldingAnswers = false;
      await closeDeafPort();
      if (!listener.listening) await listen(port);
    },
    async stop() {
      await closeDeafPort();
      const closed = listener.listening && once(listener, 'close');
      listener.close();
      proxy.cut();
      await closed;
    },
  };
  return proxy;
}

/** Not while it is half-closed: libuv refuses that, and Node.js 20 then waits for the socket forever when it ends. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Leaves a connection behind in the queue of a process that accepts nobody: once that is full, the kernel drops every SYN. */
async function answersSyn(port: number): Promise<boolean> {
  const socket = connect({ port, host: 'localhost' }).on('error', () => {}).unref();
  const isOpen = await Promise.race([once(socket, 'connect').then(() => true), sleep(200, false)]);
  if (!isOpen) socket.destroy();
  return isOpen;
}
