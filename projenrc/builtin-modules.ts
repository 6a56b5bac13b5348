import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * For ES modules, which have no `require`: what CommonJS in them asks of Node.js comes from `process.getBuiltinModule`,
 * and still not before it is asked for. Bundlers need no banner then.
 * https://nodejs.org/api/process.html#processgetbuiltinmoduleid
 */
export const builtinModules: Plugin = {
  name: 'builtin-modules',
  setup(build) {
    build.onResolve({ filter: /^/ }, ({ kind, path }) => (kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'builtin' } : undefined));
    build.onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({ contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});` }));
  },
};
