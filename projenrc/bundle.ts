import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { BUNDLED, TRIGGER } from './bundle-options';
import { writeCertificates } from './certificates';
import { writeLicenses } from './licenses';

/**
 * Writes the prebuilt functions and the factory. Run twice, it writes the same bytes.
 *
 * @returns the files that went into them
 */
export async function bundle(assets: string): Promise<string[]> {
  // Not the whole folder: the declarations are in it, too, and take longer to write.
  for (const old of ['trigger', 'handler/certificates']) fs.rmSync(path.join(assets, old), { recursive: true, force: true });
  const outputs = await Promise.all([
    build({ ...TRIGGER, outfile: path.join(assets, 'trigger', 'index.js') }),
    build({ ...BUNDLED, entryPoints: ['lambda-src/handler.ts'], outfile: path.join(assets, 'handler', 'index.js'), target: 'node20' }),
  ]);
  for (const folder of ['trigger', 'handler']) writeCertificates(path.join(assets, folder, 'certificates'));
  return outputs.flatMap(({ metafile }) => Object.keys(metafile!.inputs));
}

if (require.main === module) void bundle(path.join(__dirname, '..', 'assets')).then(writeLicenses);
