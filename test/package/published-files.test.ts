import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, usePackedPackage } from './packed-package';

const packed = usePackedPackage();

/** All that may be published, and there must be some of each. */
const PUBLISHED: readonly RegExp[] = [
  /^package\.json$/,
  /^README\.md$/,
  /^API\.md$/,
  /^LICENSE$/,
  /^THIRD-PARTY-LICENSES$/,
  /^\.jsii$/,
  /^lib\/[a-z-]+\.js$/,
  /^lib\/[a-z-]+\.d\.ts$/,
  /^lib\/(columns|database|private|trigger)\/[a-z-]+\.js$/,
  /^lib\/(columns|database|private|trigger)\/[a-z-]+\.d\.ts$/,
  /^assets\/trigger\/index\.js$/,
  /^assets\/trigger\/certificates\/[a-z]+(-[a-z]+)+-\d\.pem$/,
  /^assets\/handler\/index\.js$/,
  /^assets\/handler\/certificates\/[a-z]+(-[a-z]+)+-\d\.pem$/,
  /^assets\/handler\/types\/lambda-src\/handler\.d\.ts$/,
  /^assets\/handler\/types\/(lambda-src|src\/private)\/([a-z]+\/)*[a-z-]+\.d\.ts$/,
];

/** Written by the release, so that a checkout has none. */
const PUBLISHED_BY_RELEASE = /^CHANGELOG\.md$/;

test('nothing is published but what users need', () => {
  expect(packed.files.filter((file) => ![...PUBLISHED, PUBLISHED_BY_RELEASE].some((pattern) => pattern.test(file)))).toEqual([]);
});

test('all that users need is published', () => {
  expect(PUBLISHED.filter((pattern) => !packed.files.some((file) => pattern.test(file)))).toEqual([]);
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

function tool(name: string, script: string): string {
  return join(__dirname, '..', '..', 'node_modules', name, script);
}
