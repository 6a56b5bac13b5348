import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Format } from 'esbuild';
import { run, usePackedPackage } from './packed-package';
import { useDatabase } from '../support/database';
import { confirmedSignUp } from '../support/events';

const packed = usePackedPackage();
const database = useDatabase();

const SUB = '0b5f6c9e-9a35-4c43-8f43-3f1b1f9d2a10';

const HANDLER = `
  import { createPostConfirmationHandler } from 'cognito-user-sync/handler';
  export const handler = createPostConfirmationHandler({
    database: { connectionString: process.env.DATABASE_URL, table: 'public.users' },
    columns: { cognito_user_id: 'sub', email: 'email' },
  });
`;

describe.each<[Format, string]>([['cjs', 'handler.cjs'], ['esm', 'handler.mjs']])('a handler bundled as %s, without any option for it', (format, file) => {
  test('has only what it uses, and writes the row', async () => {
    writeFileSync(join(packed.project, 'handler.ts'), HANDLER);
    const { warnings, metafile } = await build({
      absWorkingDir: packed.project, entryPoints: ['handler.ts'], outfile: file, format, bundle: true, platform: 'node', metafile: true, logLevel: 'silent',
    });
    expect(warnings).toEqual([]);
    const { inputs, imports } = metafile.outputs[file];
    expect(Object.keys(inputs).sort()).toEqual(['handler.ts', 'node_modules/cognito-user-sync/assets/handler/index.mjs']);
    expect(readFileSync(join(packed.project, file), 'utf8')).not.toMatch(/createQueueConsumer|createCredential/);
    // Loaded before the first packet is sent; the others, which take milliseconds, are not among them.
    expect([...new Set(imports.map(({ path }) => path))].sort()).toEqual(['node:events', 'node:fs', 'node:net', 'node:path', 'node:url']);

    const event = confirmedSignUp({ sub: SUB, email: `${format}@example.com` });
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', `
      const { handler } = await import(${JSON.stringify(pathToFileURL(join(packed.project, file)).href)});
      const answer = await handler(${JSON.stringify(event)}, {});
      console.log(answer.userName);
      process.exit();
    `], { env: { ...process.env, DATABASE_URL: database.connectionString() } });
    expect(stdout.trim().split('\n').at(-1)).toBe(event.userName);
    expect(await database.rows('select cognito_user_id, email from users')).toEqual([{ cognito_user_id: SUB, email: `${format}@example.com` }]);
  });
});
