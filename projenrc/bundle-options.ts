import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { builtinModules } from './builtin-modules';
import { pgParts } from './pg-parts';

/** How everything is bundled that runs at the user's side. */
export const BUNDLED: BuildOptions = {
  absWorkingDir: path.join(__dirname, '..'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  legalComments: 'none', // THIRD-PARTY-LICENSES has them all
  metafile: true,
  plugins: [pgParts],
  // What no bundler can resolve must fail the build, not the first sign-up.
  logOverride: { 'indirect-require': 'error', 'require-resolve-not-external': 'error' },
};

/** The prebuilt functions, on Lambda's own Node.js. */
export const PREBUILT: BuildOptions = { ...BUNDLED, target: 'node24', minify: true };

export const TRIGGER: BuildOptions = { ...PREBUILT, entryPoints: ['lambda-src/functions/trigger.ts'] };

/** The factory as Node.js itself loads it, by `require` and by `import`. */
export const FACTORY: BuildOptions = { ...BUNDLED, target: 'node20', entryPoints: ['lambda-src/handler.ts'] };

/**
 * The same for bundlers (`module` in `exports`). They leave out of an ES module what a function does not use. CommonJS they
 * take whole, and wrap it into a function: V8 reads all of it twice (`coldVsCommonJs` in bench/README.md).
 */
export const FACTORY_FOR_BUNDLERS: BuildOptions = { ...FACTORY, format: 'esm', plugins: [pgParts, builtinModules] };

/** Folders of assets/: one for each function that the construct deploys. */
export const FUNCTIONS = [
  'trigger', 'trigger-data-api', 'trigger-dynamo-db', 'trigger-user-service', 'trigger-relay',
  'consumer', 'consumer-data-api', 'consumer-dynamo-db', 'consumer-user-service', 'consumer-relay',
  'writer', 'writer-user-service',
  'credential-claim', 'credential-claim-dynamo-db', 'credential-authorizer', 'credential-authorizer-dynamo-db',
  'inspector', 'deployment', 'attachment', 'guard',
] as const;

/** Those of them that connect to a database, and must know its certificates. */
export const CONNECTING: ReadonlyArray<(typeof FUNCTIONS)[number]> = ['trigger', 'consumer', 'writer', 'credential-claim', 'credential-authorizer', 'inspector'];
