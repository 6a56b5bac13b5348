import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generate } from 'selfsigned';
import { certificates } from '../../../test/support/certificates';
import type { Fault } from '../../fault';
import type { PostgresStore } from '../../stores/postgres';

const DAY = 24 * 60 * 60 * 1000;

/** Of the authority that the functions trust, but its time is over. */
export const expiredCertificate: Fault<PostgresStore> = {
  name: 'expired certificate',
  code: 'CERT_HAS_EXPIRED',
  needs: { ownServer: true },
  async arrange({ store, proxy }) {
    await show(store, await certificateUntil(Date.now() - DAY));
    proxy.cut();
  },
  lift: async ({ store }) => show(store, await certificateUntil(Date.now() + DAY)),
};

async function certificateUntil(notAfter: number) {
  const { ca, caKey } = await certificates();
  return generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    ca: { key: caKey, cert: ca },
    notBeforeDate: new Date(notAfter - 10 * DAY),
    notAfterDate: new Date(notAfter),
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] }],
  });
}

/** The server reads its certificate again with its settings. */
async function show({ server, sql }: PostgresStore, { cert, private: key }: { readonly cert: string; readonly private: string }): Promise<void> {
  const file = (name: string) => join(dirname(server.caFile), name);
  await Promise.all([writeFile(file('server.pem'), cert), writeFile(file('server.key'), key)]);
  await sql('select pg_reload_conf()');
}
