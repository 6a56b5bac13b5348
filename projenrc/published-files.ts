import type { awscdk } from 'projen';

/** What the npm package consists of: an allow-list, so that nothing new is published by accident. */
const PUBLISHED = ['lib', 'assets', 'API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'THIRD-PARTY-LICENSES', '.jsii'];

const HANDLER_TYPES = './assets/handler/types/lambda-src/handler.d.ts';

export function publishOnly(project: awscdk.AwsCdkConstructLibrary): void {
  project.package.addField('files', PUBLISHED);
  project.tryRemoveFile('.npmignore');
  project.package.addField('type', 'commonjs');
  project.package.addField('bin', { 'cognito-user-sync': 'assets/cli/index.js' });
  project.package.addField('exports', {
    '.': { types: './lib/index.d.ts', default: './lib/index.js' },
    './handler': { types: HANDLER_TYPES, module: './assets/handler/index.mjs', default: './assets/handler/index.js' },
    './package.json': './package.json',
    './.jsii': './.jsii',
  });
  // For moduleResolution node10, which does not read `exports`.
  project.package.addField('typesVersions', { '*': { handler: [HANDLER_TYPES] } });
}
