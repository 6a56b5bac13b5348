import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Runs the tests with three workers for two processors, since many tests wait for servers and processes of their own.
 * jest cannot be told so: what is above 100% it takes for a number of workers.
 */
const given = process.argv.slice(2);
const isTold = given.some((argument) => /^(-w|-i$|--max-?workers|--run-?in-?band)/i.test(argument));
const workers = isTold ? [] : [`--maxWorkers=${Math.ceil(availableParallelism() * 1.5)}`];

spawn(process.execPath, [require.resolve('jest/bin/jest'), '--ci', ...workers, ...given], { stdio: 'inherit' }).on('close', (code) => {
  process.exitCode = code ?? 1;
});
