import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { BUNDLED } from '../../projenrc/bundle-options';
import { writeCertificates } from '../../projenrc/certificates';
import { OWN_CERTIFICATES } from '../../src/private/plan';

/** Bundled as the functions are, since these read their certificates from beside their code. */
async function main(): Promise<void> {
  const [plan, ca] = process.argv.slice(2);
  if (plan === undefined) throw new Error('got no file, expected one with a plan: see test/live/README.md');
  const folder = mkdtempSync(join(tmpdir(), 'live-'));
  try {
    await build({ ...BUNDLED, entryPoints: ['test/live/write.ts'], outfile: join(folder, 'write.js') });
    writeCertificates(join(folder, 'certificates'));
    if (ca !== undefined) copyFileSync(ca, join(folder, OWN_CERTIFICATES));
    process.exitCode = spawnSync(process.execPath, [join(folder, 'write.js'), resolve(plan)], { stdio: 'inherit' }).status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
