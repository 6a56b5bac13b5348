import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Format, type Metafile } from 'esbuild';
import { run, usePackedPackage } from './packed-package';
import { useDatabase } from '../support/database';
import { confirmedSignUp } from '../support/events';
import { startUserService } from '../support/user-service';

const packed = usePackedPackage();
const database = useDatabase();

const ES_MODULE = 'node_modules/cognito-user-sync/assets/handler/index.mjs';
const RDS_HOST = 'app.c9akciq32.eu-west-1.rds.amazonaws.com';
const event = confirmedSignUp({ sub: '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10', email: 'ada@example.com' });
const columns = { cognito_user_id: 'sub', email: 'email' };

const INTO_POSTGRES = `
  import { createPostConfirmationHandler } from 'cognito-user-sync/handler';
  export const handler = createPostConfirmationHandler({
    database: { connectionString: process.env.DATABASE_URL, table: 'public.users' }, columns: ${JSON.stringify(columns)},
  });
`;

/** With everything that comes with the factory, and what is loaded for a signature: aws4, and parts of Node.js. */
const TO_A_SERVICE = `
  import * as all from 'cognito-user-sync/handler';
  export const handler = all.createPostConfirmationHandler({
    database: { userService: process.env.SERVICE_URL, mayBeUnencrypted: true, login: { signingRegion: 'eu-west-1' } }, columns: ${JSON.stringify(columns)},
  });
  export const names = Object.keys(all);
`;

describe.each<[Format, string]>([['cjs', 'handler.cjs'], ['esm', 'handler.mjs']])('a handler bundled as %s, without any option for it', (format, file) => {
  test('has only what it uses, and writes the row', async () => {
    const { outputs: { [file]: { inputs, imports } } } = await bundled(INTO_POSTGRES, format, file);
    expect(Object.keys(inputs).sort()).toEqual(['handler.ts', ES_MODULE]);
    expect(readFileSync(join(packed.project, file), 'utf8')).not.toMatch(/createQueueConsumer|createCredential/);
    // Loaded before the first packet is sent; the others, which take milliseconds, are not among them.
    expect([...new Set(imports.map(({ path }) => path))].sort()).toEqual(['node:events', 'node:fs', 'node:net', 'node:path', 'node:url']);

    expect(await logOf(file, { DATABASE_URL: database.connectionString() })).toMatchObject({ message: 'row written' });
    expect(await database.rows('select * from users')).toMatchObject([{ cognito_user_id: event.request.userAttributes.sub, email: 'ada@example.com' }]);
    await database.client.query('truncate users');
  });

  test('has all that the package exports where it asks for it, and what that loads on demand', async () => {
    await bundled(TO_A_SERVICE, format, file);
    const service = await startUserService();
    const environment = { SERVICE_URL: service.url, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' };
    expect(await logOf(file, environment)).toMatchObject({ message: 'row written' });
    expect(await printedBy(file, 'console.log(names.sort().join())')).toBe('compose,createCredentialAuthorizer,createCredentialClaim,createPostConfirmationHandler,createQueueConsumer');
    await service.stop();
    expect(service.requests).toMatchObject([{ status: 201, headers: { authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\//) } }]);
  });

  test('trusts no certificates that lie in the working directory', async () => {
    await bundled(INTO_POSTGRES, format, file);
    const folder = join(packed.project, `started-in-${format}`, 'certificates');
    mkdirSync(folder, { recursive: true });
    copyFileSync(database.server.caFile, join(folder, 'eu-west-1.pem'));
    const url = new URL(database.connectionString());
    url.hostname = RDS_HOST;
    url.search = '';
    const { error } = await logOf(file, { DATABASE_URL: url.href }, join(folder, '..'));
    expect(error).toMatchObject({ name: 'ConfigurationError', message: expect.stringMatching(/^no certificate authorities to trust are at hand/) });
  });
});

test('esbuild takes the ES module beside conditions of one\'s own, where module is among them', async () => {
  const { inputs } = await bundled(INTO_POSTGRES, 'esm', 'conditions.mjs', ['production', 'module']);
  expect(Object.keys(inputs)).toContain(ES_MODULE);
});

async function bundled(code: string, format: Format, file: string, conditions?: string[]): Promise<Metafile> {
  writeFileSync(join(packed.project, 'handler.ts'), code);
  const { warnings, metafile } = await build({
    absWorkingDir: packed.project, entryPoints: ['handler.ts'], outfile: file, format, conditions, bundle: true, platform: 'node', metafile: true, logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  return metafile;
}

/** The last line that the handler logs of the event, in a process of its own. */
async function logOf(file: string, environment: Record<string, string>, cwd = packed.project): Promise<Record<string, unknown>> {
  return JSON.parse(await printedBy(file, `await handler(${JSON.stringify(event)}, {})`, environment, cwd));
}

/** RDS's host names lead to this machine there. */
async function printedBy(file: string, code: string, environment: Record<string, string> = {}, cwd = packed.project): Promise<string> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', `
    import dns from 'node:dns';
    const { lookup } = dns;
    dns.lookup = (host, ...more) => lookup(host === '${RDS_HOST}' ? 'localhost' : host, ...more);
    const { handler, names } = await import(${JSON.stringify(pathToFileURL(join(packed.project, file)).href)});
    ${code};
    process.exit();
  `], { env: { ...process.env, ...environment }, cwd });
  return stdout.trim().split('\n').at(-1)!;
}
