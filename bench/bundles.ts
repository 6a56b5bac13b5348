import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PREBUILT, TRIGGER } from '../projenrc/bundle-options';
import { writeCertificates } from '../projenrc/certificates';

/** What the measured processes load: all of it bundled in the same way, for the same Node.js. */
export interface Bundles {
  /** The factory with a connection string, from assets/handler as it is published. */
  readonly ours: string;
  /** The same, as it would be without an ES module for bundlers. */
  readonly oursOfCommonJs: string;
  /** `pg` as it is on npm. */
  readonly barePg: string;
  /** The AWS SDK, then `pg`. */
  readonly sequential: string;
  /** The store for many rows. */
  readonly bulk: string;
  /** COPY and merge, with `pg` as it is on npm. */
  readonly copy: string;
  /** The same bytes as assets/trigger/index.js, from the sources as they are now. */
  readonly trigger: string;
  /** What the trigger trusts in the database's Region: RDS's authorities there, and the one of this server. */
  readonly regionalCaFile: string;
}

export const REGION = 'eu-west-1';

export async function bundlePeers(folder: string, caFile: string): Promise<Bundles> {
  const certificates = join(folder, 'trigger', 'certificates');
  const bundles = {
    ours: join(folder, 'ours.js'),
    oursOfCommonJs: join(folder, 'ours-of-common-js.js'),
    barePg: join(folder, 'bare-pg.js'),
    sequential: join(folder, 'sequential.js'),
    bulk: join(folder, 'bulk.js'),
    copy: join(folder, 'copy.js'),
    trigger: join(folder, 'trigger', 'index.js'),
    regionalCaFile: join(certificates, `${REGION}.pem`),
  };
  await Promise.all([
    build({ ...PREBUILT, plugins: [], entryPoints: ['bench/peers/ours.ts'], outfile: bundles.ours }),
    build({ ...PREBUILT, plugins: [], conditions: [], entryPoints: ['bench/peers/ours.ts'], outfile: bundles.oursOfCommonJs }),
    build({ ...PREBUILT, plugins: [], entryPoints: ['bench/peers/bare-pg.ts'], outfile: bundles.barePg }),
    build({ ...PREBUILT, plugins: [], entryPoints: ['bench/peers/sequential.ts'], outfile: bundles.sequential }),
    build({ ...PREBUILT, entryPoints: ['bench/peers/bulk.ts'], outfile: bundles.bulk }),
    build({ ...PREBUILT, plugins: [], entryPoints: ['bench/peers/copy.ts'], outfile: bundles.copy }),
    build({ ...TRIGGER, outfile: bundles.trigger }),
  ]);
  writeCertificates(certificates);
  appendFileSync(bundles.regionalCaFile, readFileSync(caFile));
  return bundles;
}
