import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** What jsii-rosetta compiles of docstrings, in the build. */
const EXAMPLES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8').replace(/^ *\* ?/gm, ''));

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];

/** Snippets for people without CDK; the README's for the CDK are compiled by jsii-rosetta in the build. */
const snippets = PAGES.flatMap((page) => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```mts\n(.*?)^```$/gms)].map(([, code]) => code))
  .filter((code) => code.includes("'cognito-user-sync/handler'"));

test('every snippet of docs for the CDK is an example of a docstring, which the build compiles', () => {
  const others = PAGES.filter((page) => page !== 'README.md').flatMap((page) => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```ts\b.*\n((?:.*\n)*?)^```$/gm)].map(([, code]) => code));
  expect(others.length).toBeGreaterThan(2);
  expect(others.filter((code) => !EXAMPLES.some((text) => text.includes(`@example\n${code}`)))).toEqual([]);
});

test('every snippet of README and docs compiles against the factory', () => {
  const folder = mkdtempSync(join(ROOT, 'test', '.readme-'));
  try {
    const files = snippets.map((code, index) => {
      const file = join(folder, `snippet-${index}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const program = ts.createProgram(files, {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2024.d.ts'],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ['node'],
      paths: { 'cognito-user-sync/handler': [join(ROOT, 'lambda-src', 'handler.ts')] },
    });
    const messages = ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(files.length).toBeGreaterThan(1);
    expect(messages).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
