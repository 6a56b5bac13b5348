import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { bundle } from '../../projenrc/bundle';

test('built twice, the assets have the same bytes, so that a new release redeploys nobody without need', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cognito-user-sync-'));
  try {
    await bundle(join(folder, 'first'));
    await bundle(join(folder, 'second'));
    const first = contents(join(folder, 'first'));
    expect([...first.keys()]).toEqual(expect.arrayContaining(['trigger', 'consumer', 'writer', 'cli', 'handler'].map((name) => join(name, 'index.js'))));
    expect(contents(join(folder, 'second'))).toEqual(first);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [relative(folder, file), readFileSync(file, 'utf8')]));
}
