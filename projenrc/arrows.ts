import type { awscdk } from 'projen';

/** The steps of the path, and the files that join them. */
const PATH = ['sources', 'mapping', 'stores', 'delivery', 'post-confirmation.ts', 'queue-consumer.ts', 'user-sync.ts', 'user-database-options.ts'];

/** What happens at deployment, and what users do with a row that is there. */
const ASIDE = ['api-credentials', 'check', 'cloudformation', 'deployment', 'user-pool'];

/**
 * Which folder may import which: src → src/private ← lambda-src, and inside lambda-src sources, mapping and stores
 * know nothing of each other: what stands above joins them. Cycles creep in wherever no tool stops them.
 */
export function enforceArrows(project: awscdk.AwsCdkConstructLibrary): void {
  const forbid = (target: string, from: string, message: string, except?: string[]) => ({ target, from, message, ...(except && { except }) });
  const joiners = 'sources, mapping and stores are joined above them, such as in post-confirmation.ts, queue-consumer.ts, functions/ and api-credentials/';
  // They are in no cycle with our files, and reading the CDK's declarations took two thirds of the rule's time.
  project.tryFindObjectFile('.eslintrc.json')?.addOverride('settings.import/ignore', ['/node_modules/']);
  project.eslint?.addRules({
    'import/no-cycle': 'error',
    'import/no-restricted-paths': ['error', {
      zones: [
        forbid('./src', './lambda-src', 'jsii compiles only src: what both sides need stands in src/private'),
        forbid('./src/private', './src', 'src/private is shared with the handler and imports nothing else', ['./private']),
        forbid('./lambda-src', './src', 'lambda-src knows only src/private', ['./private']),
        forbid('./lambda-src', './node_modules/aws-cdk-lib', 'the handler runs without the CDK'),
        forbid('./lambda-src/sources', './lambda-src/mapping', joiners),
        forbid('./lambda-src/sources', './lambda-src/stores', joiners),
        forbid('./lambda-src/mapping', './lambda-src/sources', joiners),
        forbid('./lambda-src/mapping', './lambda-src/stores', joiners),
        forbid('./lambda-src/stores', './lambda-src/sources', joiners),
        forbid('./lambda-src/stores', './lambda-src/mapping', joiners),
        ...[...PATH, ...ASIDE].map((each) => forbid(`./lambda-src/${each}`, './lambda-src/functions', 'a deployed entry is imported by nobody')),
        ...PATH.flatMap((step) => ASIDE.map((aside) => forbid(`./lambda-src/${step}`, `./lambda-src/${aside}`, 'what is done at deployment, or with a row that is there, is not on the path of a record'))),
      ],
    }],
  });
  project.eslint?.addRules({
    '@stylistic/max-len': ['error', { code: 180, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true }],
  });
  project.eslint?.addOverride({
    files: ['lambda-src/**/*.ts'],
    excludedFiles: ['lambda-src/functions/**', 'lambda-src/cli/**', 'lambda-src/aws/environment.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: "MemberExpression[object.name='process'][property.name='env']", message: 'only functions/, cli/ and aws/environment.ts read process.env' }],
    },
  });
  // What the handler imports is bundled, so it is a devDependency by design.
  project.eslint?.addOverride({ files: ['lambda-src/**/*.ts'], rules: { 'import/no-extraneous-dependencies': 'off' } });
}
