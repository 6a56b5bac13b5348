import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPgBouncer } from './pgbouncer';

/** `npm run test:pgbouncer`: the prebuilt bundles behind PgBouncer. Arguments go to jest. */
function main(): void {
  installPgBouncer();
  const { status } = spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--ci', '--config', join(__dirname, 'jest.config.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
