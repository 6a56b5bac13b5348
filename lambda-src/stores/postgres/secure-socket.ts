import { connect, isIP, type Socket } from 'node:net';
import { certificateRoots, notVerified } from './certificate-roots';
import type { ServerAddress } from './database-access';
import { isCertificateCode } from '../../certificate-code';
import { ConfigurationError, UserStoreError } from '../../errors';
import { onDemand } from '../../on-demand';

/** SSLRequest: https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

const NO_TLS = 'the server does not offer TLS: turn it on there, or write sslmode=disable into the connection URL of a database that needs none';

const NOT_POSTGRES = 'the server did not answer as PostgreSQL does: expected the host and port of a PostgreSQL server';

/** A socket on its way to be ready for PostgreSQL's startup message. */
export interface OpeningSocket {
  readonly ready: Promise<Socket>;
  destroy(): void;
}

/**
 * Connects to a server and verifies who it is, in the order that saves most time: each packet goes out before anything
 * that takes a while, and what takes a while is done while the answer travels.
 *
 * The socket never keeps a process alive: whoever waits for it has a deadline running.
 *
 * @param meanwhile work that does not need the answer, done while the server works on the handshake
 */
export function openSocket(address: ServerAddress, meanwhile: () => void): OpeningSocket {
  const { host, port, encrypted } = address;
  if (!host || !(port > 0 && port < 65_536)) {
    throw new ConfigurationError(`got host ${JSON.stringify(host)} and port ${JSON.stringify(port)} for the database: expected a host name and a port from 1 to 65535; is the environment variable set?`);
  }
  // Node.js tells host names from addresses by a huge regular expression, and V8 compiles it twice, for three of the
  // forty milliseconds of a cold start: to bytecode, and to machine code on the next use. For a subject this long it
  // goes to machine code at once (V8's JSRegExp::kTierUpForSubjectLengthValue).
  isIP('-'.repeat(1000));
  const socket = connect({ host, port, noDelay: true, keepAlive: true }).unref();
  const ready = new Promise<Socket>((resolve, reject) => {
    const rejecting = (step: () => void) => {
      try {
        step();
      } catch (error) {
        reject(error);
      }
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new UserStoreError('transient', 'the server closed the connection')));
    socket.once('connect', () => rejecting(() => {
      if (!encrypted) return resolve(socket);
      socket.write(SSL_REQUEST);
      const tls = onDemand.tls();
      const roots = certificateRoots(address);
      const secureContext = tls.createSecureContext({ ca: roots.ca });
      socket.once('data', (answer) => rejecting(() => {
        if (answer.toString('latin1') !== 'S') throw refusal(answer);
        // SNI must not be an IP address (RFC 6066), but the certificate is checked against it all the same.
        const secured = tls.connect({ socket, host, servername: isIP(host) ? undefined : host, secureContext, ...address.unverified }).unref();
        secured.on('error', (error: NodeJS.ErrnoException) => reject(isCertificateCode(error.code ?? '') ? notVerified(error.code!, roots) : error)).once('secureConnect', () => resolve(secured));
        meanwhile();
      }));
    }));
  });
  return {
    ready,
    destroy: () => socket.destroy(),
  };
}

/** `N` is no to TLS. An error comes from a server that could not even start a process for the connection. */
function refusal(answer: Buffer): Error {
  if (answer[0] === 0x45) return new UserStoreError('transient', 'the server refused the connection before TLS'); // E
  return new ConfigurationError(answer.toString('latin1') === 'N' ? NO_TLS : NOT_POSTGRES);
}
