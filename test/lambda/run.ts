import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installRuntimeClient } from './runtime-client';

/** `npm run test:lambda`: the prebuilt bundle under AWS's own runtime client. Arguments go to jest. */
async function main(): Promise<void> {
  await installRuntimeClient();
  const { status } = spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--ci', '--config', join(__dirname, 'jest.config.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
