import { join } from 'node:path';
import type { ServerAddress } from './database-access';
import { OWN_CERTIFICATES } from '../../../src/private/plan';
import { ConfigurationError, UserStoreError } from '../../errors';
import { fileText } from '../../file-text';

/** Whom to trust, and where that comes from. */
export interface CertificateRoots {
  /** PEM; undefined for the authorities that Node.js trusts by itself. */
  readonly ca?: string;
  /** As errors name it. */
  readonly origin: string;
}

/**
 * Certificates of RDS, a small file for each Region, laid beside the bundle by the build. An ES module does not know where
 * it lies, and what lies in the working directory is not to be trusted: it has the runtime's.
 */
const CODE = typeof __dirname === 'undefined' ? undefined : __dirname;

/** All of RDS's certificates, in Lambda's Node.js runtimes: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
const LAMBDA_RUNTIME = '/var/runtime/ca-cert.pem';

/** `<name>.<id>.<region>.rds.amazonaws.com` (`.eu` in the European Sovereign Cloud), and `<name>.<id>.rds.<region>.amazonaws.com.cn` in China. */
const RDS_HOST = /\.(?:([a-z0-9-]+)\.rds|rds\.([a-z0-9-]+))\.amazonaws\.(?:com|com\.cn|eu)\.?$/i;

/** RDS Proxy has certificates of Amazon's public authorities, which Node.js knows: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html#rds-proxy-security.tls */
const PROXY_HOST = /\.proxy-[a-z0-9]+\./i;

const WAY_OUT = 'give the right ones as certificateAuthorities (in the factory\'s options: ca); those of RDS are at https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html';

/**
 * The certificate authorities to trust for a server: those it was given, or RDS's for the database's Region, which
 * Node.js does not know.
 *
 * @throws ConfigurationError when the server is RDS's and no certificates for its Region are at hand
 */
export function certificateRoots({ host, ca, ownCertificates, region }: ServerAddress, code = CODE, runtime = LAMBDA_RUNTIME): CertificateRoots {
  if (ca !== undefined) return { ca, origin: 'those it was given' };
  const beside = (file: string) => (code === undefined ? undefined : fileText(join(code, file)));
  if (ownCertificates) return { ca: beside(OWN_CERTIFICATES) ?? missing(`none in ${OWN_CERTIFICATES} beside the function`), origin: `those of ${OWN_CERTIFICATES} beside the function` };
  const [, plain, china] = RDS_HOST.exec(host) ?? [];
  const rdsRegion = (plain ?? china ?? region)?.toLowerCase();
  if (rdsRegion === undefined || PROXY_HOST.test(host)) return { origin: 'those that Node.js trusts' };
  const file = `certificates/${rdsRegion}.pem`;
  const bundled = /^[a-z0-9-]+$/.test(rdsRegion) ? beside(file) : undefined;
  return bundled !== undefined
    ? { ca: bundled, origin: `RDS's of Region ${rdsRegion} in ${file} beside the function` }
    : { ca: fileText(runtime) ?? missing(`none of RDS in Region ${rdsRegion}, neither in ${file} beside the function nor in ${runtime}`), origin: `RDS's (for Region ${rdsRegion}) in the runtime's file ${runtime}` };
}

/** @param code Node.js's or OpenSSL's */
export function notVerified(code: string, { origin }: CertificateRoots): UserStoreError {
  return new UserStoreError('misconfigured', `the database's certificate could not be verified (${code}); trusted were the certificate authorities ${origin}: check the host name, or ${WAY_OUT}`, { code });
}

function missing(what: string): never {
  throw new ConfigurationError(`no certificate authorities to trust are at hand: expected some, got ${what}; ${WAY_OUT}`);
}
