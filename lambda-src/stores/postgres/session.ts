import type { Socket } from 'node:net';
import type { Client } from 'pg';
import type { DatabaseAccess, Password } from './database-access';
import { openSocket, type OpeningSocket } from './secure-socket';
import type { Statement } from './upsert';
import { ConfigurationError } from '../../errors';
import { onDemand } from '../../on-demand';

/** One connection to PostgreSQL, from the first packet to its end. */
export class Session {
  /** Undefined until the first statement. */
  usedAt?: number;
  readonly openedAt = Date.now();
  /** Settles when all packets are sent that need no answer of the server's to the login, or nothing came of it. */
  readonly loggingIn: Promise<void>;
  private socket?: OpeningSocket;
  private ended = false;
  private client!: Promise<Client>;

  /** Starts connecting and returns at once; what goes wrong is told by the first statement. */
  constructor(access: DatabaseAccess, loginAgain: boolean) {
    this.loggingIn = new Promise((isLoggingIn) => {
      this.client = this.connect(access, loginAgain, isLoggingIn);
      this.client.catch(() => this.destroy()).finally(isLoggingIn);
    });
  }

  async run({ text, values }: Statement): Promise<number> {
    const client = await this.client;
    // Unnamed on purpose: RDS Proxy pins a connection that prepares a named statement.
    const { rowCount } = await client.query({ text, values: values as Array<string | null> });
    this.usedAt = Date.now();
    return rowCount ?? 0;
  }

  destroy(): void {
    this.ended = true;
    this.socket?.destroy();
  }

  private async connect(access: DatabaseAccess, loginAgain: boolean, isLoggingIn: () => void): Promise<Client> {
    // At once: a login that must be fetched travels while the socket opens.
    const [socket, { user, password, database, options }] = await Promise.all([this.openSocket(access), access.login(loginAgain)]);
    const PgClient = onDemand.PgClient();
    const client = new PgClient({
      user,
      database,
      options,
      // As a function it is only asked for when the server wants a password, and an empty one is not looked up elsewhere.
      password: () => passwordOf(password),
      stream: () => openAlready(socket),
      ssl: false,
      application_name: 'cognito-user-sync',
    });
    // Without a listener, a connection that the server closes would end the process. The next statement tells.
    client.on('error', () => this.destroy());
    const connected = client.connect();
    process.nextTick(isLoggingIn); // after the tick in which pg sends the startup message
    await connected;
    return client;
  }

  private async openSocket(access: DatabaseAccess): Promise<Socket> {
    const address = access.address();
    // Nothing is awaited where nothing has to be: the first packet goes out now.
    this.socket = openSocket(isPromise(address) ? await address : address, onDemand.PgClient);
    if (this.ended) this.socket.destroy();
    return this.socket.ready;
  }
}

async function passwordOf(password: Password): Promise<string> {
  const given = typeof password === 'function' ? await password() : password;
  if (!given) throw new ConfigurationError('the server wants a password, and there is none: write it into the connection URL, or give one as `password`');
  return given;
}

/** pg connects the stream it is given; this one is connected. */
function openAlready(socket: Socket): Socket {
  return Object.assign(socket, {
    connect: () => {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
  });
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>)?.then === 'function';
}

