import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Whom the functions trust to tell that the database is the right one.
 */
export interface CertificateAuthorityProps {
  /**
   * Certificate authorities of your own, as the text of a PEM file, such as `readFileSync('ca.pem', 'utf8')`: the server's
   * certificate must come from one of them, and no other authority is trusted any more. They are laid beside the code of
   * the functions, so they are never part of the template. A token is refused, since the file is written at synth.
   *
   * @default - for databases that RDS runs, those of the database's Region that come with the package or with Lambda's
   * runtime; for others, those that Node.js trusts
   */
  readonly certificateAuthorities?: string;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Authorities of RDS by Region, as the package brings them along. */
const REGIONS = join(__dirname, '..', '..', 'assets', 'trigger', 'certificates');

/**
 * The certificates as the functions get them, and nothing else of the file.
 *
 * @throws a plain `Error` for what no server could be verified with
 */
export function ownCertificates({ certificateAuthorities: pem }: CertificateAuthorityProps): string | undefined {
  if (pem === undefined) return undefined;
  if (Token.isUnresolved(pem)) {
    throw new Error('got a token as certificateAuthorities, expected the text of a PEM file, which is laid beside the functions at synth: pass it as readFileSync(\'ca.pem\', \'utf8\') does');
  }
  if (pem.includes('PRIVATE KEY')) {
    throw new Error('got a private key in certificateAuthorities, expected certificates alone: take the key out of the file, and replace it wherever the file went');
  }
  const certificates = pem.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) {
    throw new Error('got certificateAuthorities without a certificate, expected the text of a PEM file (-----BEGIN CERTIFICATE-----…), not its name: pass it as readFileSync(\'ca.pem\', \'utf8\') does');
  }
  certificates.forEach(checkCertificate);
  return `${certificates.join('\n')}\n`;
}

/**
 * Warns of a database whose Region the package has no authorities for: the list that it is built from lacks GovCloud,
 * China and the newest Regions, and whether the runtime's own file has them is known in the Region only.
 */
export function warnOfMissingCertificates(scope: Construct, region: string, certificates: string | undefined): void {
  if (certificates !== undefined || Token.isUnresolved(region) || existsSync(join(REGIONS, `${region}.pem`))) return;
  Annotations.of(scope).addWarningV2(
    'cognito-user-sync:missingCertificates',
    `the package brings no certificate authorities of RDS for Region ${region}, so that the functions trust the file of Lambda's runtime, which may lack them, too: pass the Region's bundle as certificateAuthorities (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html), or acknowledge this warning`,
  );
}

function checkCertificate(text: string, index: number): void {
  const which = `certificate ${index + 1} of certificateAuthorities`;
  const { subject, validTo } = read(text, which);
  if (new Date(validTo) < new Date()) {
    throw new Error(`got ${which} (${subject.replaceAll('\n', ', ')}), which expired on ${validTo}, expected one that servers can still be verified with: take it out, or renew it`);
  }
}

function read(text: string, which: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new Error(`got ${which}, which is no certificate that can be read: copy the file again`, { cause: error });
  }
}
