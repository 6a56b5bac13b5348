import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { databases } from '../constructs/databases';
import { build, combinations } from '../constructs/layouts';

export interface WrittenTemplate {
  /** What the stack is an example of. */
  readonly name: string;
  readonly file: string;
}

/** Every kind of database in every layout of stacks, as CloudFormation gets it. */
export function writeTemplates(folder: string): WrittenTemplate[] {
  return [...differentTemplates()].map(([template, name], index) => {
    const file = join(folder, `${index}.template.json`);
    writeFileSync(file, template);
    return { name, file };
  });
}

/** Template → what it is an example of first: a pool in a stack of its own, say, is the same with many databases. */
function differentTemplates(): Map<string, string> {
  const templates = new Map<string, string>();
  for (const [kind, database] of Object.entries(databases)) {
    for (const [where, combination] of Object.entries(combinations)) {
      const { app, stacks } = build(combination, database);
      const assembly = app.synth();
      for (const { stackName } of stacks) {
        const template = assembly.getStackByName(stackName).template as { Resources?: object };
        const text = JSON.stringify(template);
        // A stack that only imports things has nothing to deploy.
        if (template.Resources && !templates.has(text)) templates.set(text, `${kind}, ${where}: stack ${stackName}`);
      }
    }
  }
  return templates;
}

/** What a suite that finds nothing would not notice. */
export function writeBrokenTemplate(folder: string): WrittenTemplate {
  const file = join(folder, 'broken.template.json');
  writeFileSync(file, JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 'soon' } } } }));
  return { name: 'a template that is wrong', file };
}
