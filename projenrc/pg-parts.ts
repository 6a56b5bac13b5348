import path from 'node:path';
import type { Plugin } from 'esbuild';

const PARTS = path.join(__dirname, '..', 'lambda-src', 'stores', 'postgres', 'pg');

/** Puts our own parts into the bundled `pg`, where its own cost milliseconds of every cold start. Each says why. */
export const pgParts: Plugin = {
  name: 'pg-parts',
  setup(build) {
    build.onResolve({ filter: /^\.\/(crypto\/)?utils$/ }, ({ path: imported, importer }) => {
      const isCrypto = imported === './crypto/utils' || /[\\/]pg[\\/]lib[\\/]crypto[\\/]/.test(importer);
      return isCrypto && /[\\/]pg[\\/]lib[\\/]/.test(importer) ? { path: path.join(PARTS, 'scram-crypto.ts') } : undefined;
    });
    build.onResolve({ filter: /^\.\/cert-signatures$/ }, () => ({ path: path.join(PARTS, 'channel-binding.ts') }));
    build.onResolve({ filter: /^pg-types$/ }, () => ({ path: path.join(PARTS, 'text-types.ts') }));
    build.onResolve({ filter: /^pg-connection-string$/ }, () => ({ path: path.join(PARTS, 'connection-string.ts') }));
    build.onResolve({ filter: /^pgpass$/ }, () => ({ path: path.join(PARTS, 'no-password-file.ts') }));
  },
};
