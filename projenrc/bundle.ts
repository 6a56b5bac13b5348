import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { BUNDLED, CONNECTING, FACTORY, FACTORY_FOR_BUNDLERS, FUNCTIONS, PREBUILT } from './bundle-options';
import { writeCertificates } from './certificates';
import { writeLicenses } from './licenses';

/**
 * Writes the prebuilt functions and the factory. Run twice, it writes the same bytes.
 *
 * @returns the files that went into them
 */
export async function bundle(assets: string): Promise<string[]> {
  // Not the whole folder: the declarations are in it, too, and take longer to write.
  for (const old of [...FUNCTIONS, 'cli', 'handler/certificates']) fs.rmSync(path.join(assets, old), { recursive: true, force: true });
  const outputs = await Promise.all([
    ...FUNCTIONS.map((name) => build({ ...PREBUILT, entryPoints: [`lambda-src/functions/${name}.ts`], outfile: path.join(assets, name, 'index.js') })),
    build({ ...BUNDLED, entryPoints: ['lambda-src/cli/main.ts'], outfile: path.join(assets, 'cli', 'index.js'), target: 'node20', minify: true, banner: { js: '#!/usr/bin/env node' } }),
    build({ ...FACTORY, outfile: path.join(assets, 'handler', 'index.js') }),
    build({ ...FACTORY_FOR_BUNDLERS, outfile: path.join(assets, 'handler', 'index.mjs') }),
  ]);
  for (const folder of [...CONNECTING, 'cli', 'handler']) writeCertificates(path.join(assets, folder, 'certificates'));
  return outputs.flatMap(({ metafile }) => Object.keys(metafile!.inputs));
}

if (require.main === module) void bundle(path.join(__dirname, '..', 'assets')).then(writeLicenses);
