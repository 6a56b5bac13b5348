import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { sendCancelRequest } from './cancel-request';
import type { DatabaseAccess, Password } from './database-access';
import { parameters } from './parameters';
import { openSocket, type OpeningSocket } from './secure-socket';
import type { Statement, StatementResult } from './upsert';
import { ConfigurationError, errorName, UserStoreError, UserSyncError } from '../../errors';
import { pgClient } from '../../on-demand';

/** One connection to PostgreSQL, from the first packet to its end. */
export class Session {
  /** Undefined until the first statement. */
  usedAt?: number;
  isLoggedIn = false;
  readonly openedAt = Date.now();
  /** Settles when all packets are sent that need no answer of the server's to the login, or nothing came of it. */
  readonly loggingIn: Promise<void>;
  private socket?: OpeningSocket;
  private ended = false;
  private client!: Promise<Client>;

  /** Starts connecting and returns at once; what goes wrong is told by the first statement. */
  constructor(private readonly access: DatabaseAccess) {
    this.loggingIn = new Promise((isLoggingIn) => {
      this.client = this.connect(access, isLoggingIn);
      this.client.catch(() => this.destroy()).finally(isLoggingIn);
    });
  }

  async run({ text, values }: Statement): Promise<StatementResult> {
    const client = await this.client;
    // Unnamed on purpose: RDS Proxy pins a connection that prepares a named statement.
    const { rowCount, rows } = await client.query({ text, values: parameters(values) });
    this.usedAt = Date.now();
    return { rowCount: rowCount ?? 0, rows };
  }

  /**
   * Ends, and has the server stop what it is doing: while a statement waits for a lock, the server does not notice that
   * nobody waits for it any more. Best effort, over a connection of its own, as every client does it:
   * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
   */
  cancel(): void {
    if (!this.isLoggedIn) return this.destroy();
    this.client.then(async ({ processID, secretKey }: Client & { processID?: number | null; secretKey?: number | null }) => {
      const { host, port } = await this.access.address();
      if (processID && secretKey) await sendCancelRequest(host, port, processID, secretKey);
    }).catch(() => undefined).finally(() => this.destroy()); // PgBouncer knows the request by the connection: it must still be there
  }

  destroy(): void {
    this.ended = true;
    this.socket?.destroy();
  }

  private async connect(access: DatabaseAccess, isLoggingIn: () => void): Promise<Client> {
    // At once: a login that must be fetched travels while the socket opens.
    const [socket, { user, password, database, options }] = await Promise.all([this.openSocket(access), access.login()]);
    const PgClient = pgClient();
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
    this.isLoggedIn = true;
    return client;
  }

  private async openSocket(access: DatabaseAccess): Promise<Socket> {
    const address = access.address();
    // Nothing is awaited where nothing has to be: the first packet goes out now.
    this.socket = openSocket(isPromise(address) ? await address : address, pgClient);
    if (this.ended) this.socket.destroy();
    return this.socket.ready;
  }
}

async function passwordOf(password: Password): Promise<string> {
  const given = typeof password === 'function' ? await asked(password) : password;
  if (!given) throw new ConfigurationError('the server wants a password, and there is none: write it into the connection URL, or give one as `password`');
  return given;
}

async function asked(password: () => string | Promise<string>): Promise<string> {
  try {
    return await password();
  } catch (error) {
    if (error instanceof UserSyncError) throw error;
    throw new UserStoreError('transient', `the password could not be had: its function threw ${errorName(error)}`);
  }
}

/**
 * pg connects the stream it is given; this one is connected. And pg's parser throws out of the stream's events where a
 * server sends what it does not know, which would end the process: here it ends the connection.
 */
function openAlready(socket: Socket): Socket {
  const emit = socket.emit.bind(socket) as (...event: unknown[]) => boolean;
  return Object.assign(socket, {
    connect: () => {
      process.nextTick(() => socket.emit('connect'));
      return socket;
    },
    emit: (...event: unknown[]) => {
      try {
        return emit(...event);
      } catch {
        socket.destroy(new ConfigurationError(NOT_UNDERSTOOD));
        return true;
      }
    },
  });
}

const NOT_UNDERSTOOD = 'the server answered in a way that pg does not understand: expected PostgreSQL, and a login by scram-sha-256, md5, password or trust in its pg_hba.conf';

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T>)?.then === 'function';
}

