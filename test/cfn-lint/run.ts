import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCfnLint, lint, type Finding } from './cfn-lint';
import { writeBrokenTemplate, writeTemplates, type WrittenTemplate } from './templates';

/** `npm run test:cfn-lint`: AWS's own linter over the templates of every kind of database. Needs Python 3 with venv. */
async function main(): Promise<void> {
  await installCfnLint();
  const folder = mkdtempSync(join(tmpdir(), 'cfn-lint-'));
  try {
    const templates = writeTemplates(folder);
    const broken = writeBrokenTemplate(folder);
    const findings = await lint([...templates, broken].map(({ file }) => file));
    const findingsOf = ({ file }: WrittenTemplate) => findings.filter(({ Filename }) => Filename === file);
    const failed = templates.filter((template) => findingsOf(template).length > 0);
    for (const template of failed) console.log(`✕ ${template.name}\n${findingsOf(template).map(told).join('\n')}`);
    const isFound = findingsOf(broken).length > 0;
    if (!isFound) console.log(`✕ ${broken.name}: nothing was found`);
    const failures = failed.length + (isFound ? 0 : 1);
    console.log(`${templates.length + 1 - failures} passed, ${failures} failed`);
    process.exitCode = failures > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function told({ Rule: { Id }, Message, Location: { Path } }: Finding): string {
  return `    ${Id} ${Message} (${Path?.join('/') ?? 'the template'})`;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
