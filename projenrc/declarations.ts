import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * Writes the type declarations of cognito-user-sync/handler: its own, and those that they import. The rest of lambda-src
 * stays unpublished, with the types of `pg` and `node` in it, which nobody needs to have installed.
 */
const ROOT = path.join(__dirname, '..');
const TYPES = path.join(ROOT, 'assets', 'handler', 'types');

const HOST: ts.ParseConfigFileHost & ts.FormatDiagnosticsHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: fail,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

function main(): void {
  const declarations = allDeclarations();
  fs.rmSync(TYPES, { recursive: true, force: true });
  for (const file of reachedFrom(path.join(TYPES, 'lambda-src', 'handler.d.ts'), declarations)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, declarations.get(file)!);
  }
}

/** File → text, of everything that the handler consists of. */
function allDeclarations(): Map<string, string> {
  const { options } = ts.getParsedCommandLineOfConfigFile(path.join(ROOT, 'tsconfig.dev.json'), {
    noEmit: false, emitDeclarationOnly: true, inlineSourceMap: false, inlineSources: false, outDir: TYPES,
  }, HOST)!;
  const program = ts.createProgram([path.join(ROOT, 'lambda-src', 'handler.ts')], options);
  const declarations = new Map<string, string>();
  const { diagnostics } = program.emit(undefined, (file, text) => declarations.set(path.normalize(file), text));
  fail(...ts.sortAndDeduplicateDiagnostics([...ts.getPreEmitDiagnostics(program), ...diagnostics]));
  return declarations;
}

function reachedFrom(file: string, declarations: ReadonlyMap<string, string>, reached = new Set<string>()): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const { fileName } of ts.preProcessFile(declarations.get(file)!).importedFiles) {
    const imported = path.join(path.dirname(file), `${fileName}.d.ts`);
    if (!declarations.has(imported)) {
      throw new Error(`got an import of ${fileName} in ${path.relative(TYPES, file)}, expected none but of our own files: users of the factory have no other types, write a type of our own there`);
    }
    reachedFrom(imported, declarations, reached);
  }
  return reached;
}

function fail(...diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, HOST));
}

main();
