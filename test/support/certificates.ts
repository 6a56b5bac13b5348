import { generate } from 'selfsigned';

/** What a server needs for TLS, and the roots its clients may or must not trust. All PEM. RSA-2048, as RDS has by default. */
export interface Certificates {
  readonly ca: string;
  /** To sign other certificates with. */
  readonly caKey: string;
  /** Has signed nothing: a client that trusts only this one must refuse the server. */
  readonly wrongCa: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

let made: Promise<Certificates> | undefined;

/** Once per process: RSA keys take a tenth of a second each. */
export function certificates(): Promise<Certificates> {
  return made ??= make();
}

/** A server's that the CA has signed, and that was valid until yesterday. */
export async function expiredCertificate(): Promise<Pick<Certificates, 'serverCertificate' | 'serverKey'>> {
  const { ca, caKey } = await certificates();
  const day = 86_400_000;
  return ofServer({ cert: ca, private: caKey }, { notBeforeDate: new Date(Date.now() - 2 * day), notAfterDate: new Date(Date.now() - day) });
}

async function make(): Promise<Certificates> {
  const [ca, wrongCa] = await Promise.all([authority('CognitoUserSync test CA'), authority('CognitoUserSync wrong CA')]);
  return { ca: ca.cert, caKey: ca.private, wrongCa: wrongCa.cert, ...await ofServer(ca) };
}

async function ofServer(ca: { readonly cert: string; readonly private: string }, validity: { notBeforeDate?: Date; notAfterDate?: Date } = {}) {
  const server = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [{
      name: 'subjectAltName',
      altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }],
    }],
    ...validity,
  });
  return { serverCertificate: server.cert, serverKey: server.private };
}

function authority(name: string) {
  return generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
}
