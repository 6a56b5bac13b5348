import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerAddress } from './database-access';
import { ConfigurationError } from '../../errors';

/** Certificates of RDS, a small file for each Region, laid beside the bundle by the build. */
const REGIONS = join(__dirname, 'certificates');

/** All of RDS's certificates, in Lambda's Node.js runtimes: https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
const LAMBDA_RUNTIME = '/var/runtime/ca-cert.pem';

/** `<name>.<id>.<region>.rds.amazonaws.com`, and `<name>.<id>.rds.<region>.amazonaws.com.cn` in China. */
const RDS_HOST = /\.(?:([a-z0-9-]+)\.rds|rds\.([a-z0-9-]+))\.amazonaws\.com(?:\.cn)?\.?$/i;

/** RDS Proxy has certificates of Amazon's public authorities, which Node.js knows: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.howitworks.html#rds-proxy-security.tls */
const PROXY_HOST = /\.proxy-[a-z0-9]+\./i;

/**
 * The certificate authorities to trust for a server, as PEM: those it was given, or RDS's for the database's Region,
 * which Node.js does not know.
 *
 * @returns undefined for the authorities that Node.js trusts by itself
 * @throws ConfigurationError when the server is RDS's and no certificates for its Region are at hand
 */
export function certificateRoots({ host, ca, region }: ServerAddress, regions = REGIONS): string | undefined {
  if (ca !== undefined) return ca;
  if (PROXY_HOST.test(host)) return undefined;
  const [, plain, china] = RDS_HOST.exec(host) ?? [];
  const rdsRegion = (plain ?? china ?? region)?.toLowerCase();
  if (rdsRegion === undefined) return undefined;
  const pem = /^[a-z0-9-]+$/.test(rdsRegion) ? contentOf(join(regions, `${rdsRegion}.pem`)) ?? contentOf(LAMBDA_RUNTIME) : undefined;
  if (pem !== undefined) return pem;
  throw new ConfigurationError(`no certificate authority of RDS in Region ${rdsRegion} is at hand: expected one beside the function or in ${LAMBDA_RUNTIME}; give the PEM bundle from https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html as \`ca\``);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
