import type { awscdk } from 'projen';

const TYPES = 'tsc --noEmit --project tsconfig.dev.json';
const TESTS = 'tsx projenrc/tests.ts';

/** The commands of README and docs/design.md. Each works straight after `npm ci`: it builds what it needs. */
export function addCommands(project: awscdk.AwsCdkConstructLibrary): void {
  const bundle = project.addTask('bundle', {
    description: 'Bundle the prebuilt functions and the handler factory into assets/',
    exec: 'tsx projenrc/bundle.ts',
  });
  const declarations = project.addTask('declarations', {
    description: 'Write the type declarations of cognito-user-sync/handler',
    exec: 'tsx projenrc/declarations.ts',
  });
  // jsii leaves what it wrote of files that are gone, and all of lib/ is published.
  project.preCompileTask.exec('node -e "fs.rmSync(\'lib\', { recursive: true, force: true })"');
  project.preCompileTask.spawn(bundle);
  project.preCompileTask.spawn(declarations);

  // The README's and the docstrings' snippets are compiled. Not by the jsii build itself, which has no such step.
  const snippets = project.addTask('snippets', { description: 'Compile the examples of README and docstrings', exec: 'jsii-rosetta extract --strict' });
  project.postCompileTask.spawn(snippets);
  project.gitignore.exclude('.jsii.tabl.json');

  // Lint and types first: the count of passed and failed tests is the last line.
  project.testTask.reset();
  project.testTask.spawn(project.eslint!.eslintTask);
  project.testTask.exec(TYPES);
  project.testTask.exec(TESTS, { receiveArgs: true });

  // Not as tasks: projen ends with 1 whatever a command's own exit code means.
  const command = (name: string, run: string) => project.package.setScript(name, `npm run --silent bundle && ${run}`);
  command('demo', 'tsx demo/demo.ts');
  command('bench', 'tsx bench/bench.ts');
  command('faults', 'tsx faults/faults.ts');
  command('storm', 'tsx storm/storm.ts');
  command('examples', 'tsx --tsconfig examples/tsconfig.json examples/examples.ts');
  command('test:lambda', 'tsx test/lambda/run.ts');
  command('test:pgbouncer', 'tsx test/pgbouncer/run.ts');
  command('test:cfn-lint', 'tsx test/cfn-lint/run.ts');
  command('test:moto', 'tsx test/moto/run.ts');

  const verify = project.addTask('verify', { description: 'Build what the tests need, and run them: npm test' });
  verify.spawn(project.preCompileTask);
  // The same as the test task, but for its order: on two processors it saves half a minute.
  verify.exec(`tsx projenrc/together.ts "projen ${project.compileTask.name}" "projen ${project.eslint!.eslintTask.name}" "${TYPES}"`);
  verify.spawn(snippets);
  verify.exec(TESTS, { receiveArgs: true });
  project.package.setScript('test', 'projen verify');
}
