import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmulatedStack } from './emulated-stack';
import { temporaryFolder } from './temporary-folder';
import { startLambdaFunction, type LambdaFunction } from '../../test/support/lambda-function';

/** Nobody listens: a call that is emulated nowhere fails here, and never reaches AWS. */
const NOWHERE = 'http://127.0.0.1:9';

/** With code, handler, variables and timeout of the template. */
export async function emulatedFunction(stack: EmulatedStack, id: string): Promise<LambdaFunction> {
  const { Properties } = stack.synthesised.template.Resources[id];
  const { Handler, Timeout = 3, Environment = {} } = Properties;
  const variables = await stack.resolve(Environment.Variables ?? {}) as Record<string, string>;
  const started = await startLambdaFunction({
    name: id,
    folder: await codeFolder(stack, stack.synthesised.codeOf(Properties), Handler),
    timeoutMs: Timeout * 1_000,
    environment: { ...await surroundings(stack, id), ...variables },
  });
  stack.cleanup.add(() => started.stop());
  return started;
}

/** What Lambda would give it in its account: who it is, and where AWS is. */
async function surroundings(stack: EmulatedStack, id: string): Promise<Record<string, string>> {
  const { addresses, authorityFile } = stack.services;
  const endpoints = await Promise.all([...addresses.keys()].map(async (service) => [`AWS_ENDPOINT_URL_${service}`, await stack.gateTo(service)]));
  return { ...Object.fromEntries(endpoints), AWS_ENDPOINT_URL: NOWHERE, AWS_ACCESS_KEY_ID: id, NODE_EXTRA_CA_CERTS: authorityFile };
}

/** In a copy of the function's own, with an `index.js` that exports the handler where it has another name. */
async function codeFolder({ services }: EmulatedStack, code: string, handler: string): Promise<string> {
  const folder = await temporaryFolder();
  await cp(code, folder, { recursive: true });
  const [file, name] = handler.split('.');
  if (handler !== 'index.handler') await writeFile(join(folder, 'index.js'), `exports.handler = require('./${file}.js').${name};\n`);
  // In the place of RDS's authorities in this Region, which the function brings along, or Lambda's runtime has.
  await mkdir(join(folder, 'certificates'), { recursive: true });
  await copyFile(services.authorityFile, join(folder, 'certificates', 'eu-west-1.pem'));
  return folder;
}
