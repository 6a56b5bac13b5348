import { run, usePackedPackage } from './packed-package';

const packed = usePackedPackage('aws-cdk-lib', 'constructs');

const ENTRIES = [
  ['cognito-user-sync', 'CognitoUserSync'],
  ['cognito-user-sync/handler', 'createPostConfirmationHandler'],
  ['cognito-user-sync/handler', 'compose'],
] as const;

test.each(ENTRIES)('require(%j) has %s', async (entry, name) => {
  expect(await printed('commonjs', `console.log(typeof require('${entry}').${name})`)).toBe('function');
});

test.each(ENTRIES)('import from %j has %s', async (entry, name) => {
  expect(await printed('module', `import { ${name} } from '${entry}'; console.log(typeof ${name})`)).toBe('function');
});

test('the factory needs no other package', async () => {
  const loaded = await printed('commonjs', `
    require('cognito-user-sync/handler');
    console.log(Object.keys(require.cache).map((file) => file.split('node_modules').at(-1).replaceAll('\\\\', '/')).join());
  `);
  expect(loaded).toBe('/cognito-user-sync/assets/handler/index.js');
});

describe.each([
  'cognito-user-sync/lib/index.js',
  'cognito-user-sync/lib/private/plan',
  'cognito-user-sync/assets/trigger/index.js',
  'cognito-user-sync/assets/consumer/index.js',
  'cognito-user-sync/assets/cli/index.js',
  'cognito-user-sync/assets/handler/types/lambda-src/handler',
])('%s', (path) => {
  test.each([
    ['require', `try { require('${path}') } catch ({ code }) { console.log(code) }`],
    ['import', `import('${path}').catch(({ code }) => console.log(code))`],
  ])('is refused to %s', async (_, code) => {
    expect(await printed('commonjs', code)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

async function printed(inputType: 'commonjs' | 'module', code: string): Promise<string> {
  const { stdout } = await run(process.execPath, [`--input-type=${inputType}`, '--eval', code], { cwd: packed.project });
  return stdout.trim();
}
