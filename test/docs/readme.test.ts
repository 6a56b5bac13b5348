import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');

/** The README's snippets for people without CDK; those for the CDK are compiled by jsii-rosetta in the build. */
const snippets = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```mts\n(.*?)^```$/gms)].map(([, code]) => code);

test('every snippet of the README compiles against the factory', () => {
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
