import { join } from 'node:path';
import { certificateRoots } from '../../stores/postgres/certificate-roots';
import { parseConnectionUrl } from '../../stores/postgres/connection-url';
import type { DatabaseLogin, ServerAddress } from '../../stores/postgres/database-access';
import { Problem } from '../problem';

/** One way to connect, of one or two that a mode tries in their order. */
export interface Attempt {
  readonly address: ServerAddress;
  /** What the mode leaves open, for the person in front of it. */
  readonly warning?: string;
}

/** https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

export const GIVE_CERTIFICATES = 'write sslrootcert=/path/to/authorities.pem into the connection URL; those of RDS are at https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html';

/** The certificates of RDS, which the package has once. */
const WITH_CERTIFICATES = join(__dirname, '..', 'handler');

/**
 * Reads a connection URL as libpq does, weaker modes than the functions' own verify-full included.
 *
 * @throws Problem or ConfigurationError, which never show the URL
 */
export function attempts(url: string): { readonly login: DatabaseLogin; readonly attempts: readonly Attempt[] } {
  const parameters = URL.canParse(url) ? new URL(url).searchParams : new URLSearchParams();
  const isSystem = parameters.get('sslrootcert') === 'system';
  const mode = parameters.get('sslmode') ?? (isSystem ? 'verify-full' : 'prefer');
  if (!MODES.includes(mode)) throw new Problem(`got sslmode=${JSON.stringify(mode)} in the connection URL: expected one of ${MODES.join(', ')}`);
  if (isSystem && mode !== 'verify-full') throw new Problem(`got sslmode=${mode} with sslrootcert=system: that takes verify-full, since anybody can have a certificate of a public authority`);
  const { host, port, ca, user, password, database, options } = parseConnectionUrl(url);
  const server = { host, port };
  const plain: Attempt = {
    address: { ...server, encrypted: false },
    warning: `The connection is not encrypted (sslmode=${mode}): write sslmode=verify-full into the URL wherever the server is not on this machine.`,
  };
  const encrypted = (): Attempt => {
    // A root certificate that is given is used in every mode, as libpq does it for the sake of its oldest versions.
    if (ca === undefined && !/^verify-/.test(mode)) {
      return {
        // An empty list is never looked at: nobody is verified.
        address: { ...server, encrypted: true, ca: '', unverified: { rejectUnauthorized: false } },
        warning: `The server was not verified (sslmode=${mode}): write sslmode=verify-full into the URL to know whom you are connected to.`,
      };
    }
    const address: ServerAddress = { ...server, encrypted: true, ca };
    return { address: { ...address, ca: isSystem ? undefined : trusted(address), unverified: mode === 'verify-full' ? undefined : { checkServerIdentity: () => undefined } } };
  };
  return { login: { user, password: password || (process.env.PGPASSWORD ?? ''), database, options }, attempts: inOrder(mode, plain, encrypted) };
}

function trusted(address: ServerAddress): string | undefined {
  try {
    return certificateRoots(address, WITH_CERTIFICATES).ca;
  } catch {
    throw new Problem(`the package has no certificates for ${address.host}: ${GIVE_CERTIFICATES}`);
  }
}

function inOrder(mode: string, plain: Attempt, encrypted: () => Attempt): Attempt[] {
  switch (mode) {
    case 'disable': return [plain];
    case 'allow': return [plain, encrypted()];
    case 'prefer': return [encrypted(), plain];
    default: return [encrypted()];
  }
}
