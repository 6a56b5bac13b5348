import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const ROOT = join(__dirname, '..', '..');
const BUNDLES = ['trigger', 'consumer', 'writer', 'cli', 'handler'].map((name) => `assets/${name}/index.js`);
const BUILT = ['.jsii', 'lib/index.js', ...BUNDLES, 'assets/handler/index.mjs', 'assets/handler/types/lambda-src/handler.d.ts'];

/** The package as npm publishes it, installed in an empty project. */
export interface PackedPackage {
  readonly tarball: string;
  /** The empty project's folder. */
  readonly project: string;
  /** All files of the package, sorted, by their path in it. */
  readonly files: readonly string[];
}

/**
 * Call it at the top of a test file. Beside the package the project has only these others, as links to the ones installed
 * here: npm would install the same ones, but from the network.
 */
export function usePackedPackage(...others: readonly string[]): PackedPackage {
  let folder: string;
  let packed: PackedPackage;

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'cognito-user-sync-')));
    const project = join(folder, 'project');
    const modules = join(project, 'node_modules');
    for (const name of others) {
      await mkdir(dirname(join(modules, name)), { recursive: true });
      await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'junction');
    }
    await mkdir(modules, { recursive: true });
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'empty-project', private: true }));
    const tarball = await pack(folder);
    await run('tar', ['-xzf', tarball, '-C', folder]);
    const installed = join(modules, 'cognito-user-sync');
    await rename(join(folder, 'package'), installed);
    packed = { tarball, project, files: await filesIn(installed) };
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  return {
    get tarball() { return packed.tarball; },
    get project() { return packed.project; },
    get files() { return packed.files; },
  };
}

async function pack(folder: string): Promise<string> {
  const missing = BUILT.find((file) => !existsSync(join(ROOT, file)));
  if (missing) throw new Error(`got no ${missing} to pack, expected a built package: run npm test, which builds it first`);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT, shell: process.platform === 'win32' });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  return join(folder, filename);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
