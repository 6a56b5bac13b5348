import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installMoto } from './moto';

/** `npm run test:moto`: what the store does in DynamoDB, on moto. Needs Python 3 with venv. Arguments go to jest. */
async function main(): Promise<void> {
  await installMoto();
  const { status } = spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--ci', '--config', join(__dirname, 'jest.config.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
