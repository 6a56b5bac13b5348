import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, usePackedPackage } from './packed-package';
import { CONNECTING, FUNCTIONS } from '../../projenrc/bundle-options';

const packed = usePackedPackage();

/** All that may be published, and there must be some of each. */
const PUBLISHED: readonly RegExp[] = [
  /^package\.json$/,
  /^README\.md$/,
  /^API\.md$/,
  /^LICENSE$/,
  /^THIRD-PARTY-LICENSES$/,
  /^\.jsii$/,
  /^lib\/index\.js$/,
  ...[...CONNECTING, 'cli', 'handler'].flatMap((name) => [
    new RegExp(`^assets/${name}/index\\.js$`),
    new RegExp(`^assets/${name}/certificates/[a-z]+(-[a-z]+)+-\\d\\.pem$`),
  ]),
  ...FUNCTIONS.filter((name) => !CONNECTING.includes(name)).map((name) => new RegExp(`^assets/${name}/index\\.js$`)),
  /^assets\/handler\/index\.mjs$/,
  /^assets\/handler\/types\/lambda-src\/handler\.d\.ts$/,
  /^assets\/handler\/types\/(lambda-src|src\/private)\/([a-z-]+\/)*[a-z-]+\.d\.ts$/,
];

/** Written by the release, so that a checkout has none. */
const PUBLISHED_BY_RELEASE = /^CHANGELOG\.md$/;

test('nothing is published but what users need', () => {
  const compiled = new Set(compiledFrom('src'));
  expect(packed.files.filter((file) => !compiled.has(file) && ![...PUBLISHED, PUBLISHED_BY_RELEASE].some((pattern) => pattern.test(file)))).toEqual([]);
});

test('all that users need is published', () => {
  expect(PUBLISHED.filter((pattern) => !packed.files.some((file) => pattern.test(file)))).toEqual([]);
  expect(packed.files).toEqual(expect.arrayContaining(compiledFrom('src')));
});

test('only declarations that the factory\'s own one imports are published with it', () => {
  const declarations = packed.files.filter((file) => file.startsWith('assets/handler/types/'));
  const imports = declarations.flatMap((file) => {
    const text = readFileSync(join(packed.project, 'node_modules', 'cognito-user-sync', file), 'utf8');
    return [...text.matchAll(/^(?:im|ex)port .* from '(.+)';$/gm)].map(([, imported]) => join(file, '..', `${imported}.d.ts`).replaceAll('\\', '/'));
  });
  expect(new Set(['assets/handler/types/lambda-src/handler.d.ts', ...imports])).toEqual(new Set(declarations));
});

test('the package brings no other packages along', () => {
  const { dependencies, optionalDependencies, bundledDependencies } = JSON.parse(readFileSync(join(packed.project, 'node_modules/cognito-user-sync/package.json'), 'utf8'));
  expect({ dependencies, optionalDependencies, bundledDependencies }).toEqual({});
});

test('publint finds nothing to mend', async () => {
  // Not its suggestions: it would like git+https in `repository`, and jsii hands that field on to other registries.
  const { stdout } = await run(process.execPath, [tool('publint', 'src/cli.js'), 'run', packed.tarball, '--strict', '--level=warning'], { env: { ...process.env, NO_COLOR: '1' } });
  expect(stdout).toContain('All good!');
});

test('the types are right for every way to resolve modules', async () => {
  // jsii reads ./.jsii, as a file: it has no types and needs none.
  const { stdout } = await run(process.execPath, [tool('@arethetypeswrong/cli', 'dist/index.js'), packed.tarball, '--format=json', '--exclude-entrypoints', '.jsii']);
  const { analysis } = JSON.parse(stdout);
  expect(Object.keys(analysis.entrypoints)).toEqual(['.', './handler', './package.json']);
  expect(analysis.problems).toEqual([]);
});

/** What jsii writes for the sources, and nothing that an earlier build left behind. */
function compiledFrom(folder: string): string[] {
  const sources = readdirSync(join(__dirname, '..', '..', folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return sources.flatMap((file) => ['.js', '.d.ts'].map((end) => `lib/${file.replaceAll('\\', '/').replace(/\.ts$/, end)}`));
}

function tool(name: string, script: string): string {
  return join(__dirname, '..', '..', 'node_modules', name, script);
}
