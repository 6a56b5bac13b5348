import { deepEqual, equal } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { USERS_TABLE } from '../../test/support/database';
import { EmulatedStack } from '../emulated/emulated-stack';
import { startDatabase, type EmulatedDatabase } from '../emulated/postgres';
import { readSam } from '../emulated/sam';
import { allowedBy, onlyIdOf, type SynthesisedStack } from '../emulated/template';
import { readTerraform } from '../emulated/terraform';
import type { Example } from '../example';

/** Of the same functions as SAM's template. */
let terraform: SynthesisedStack;

export const example: Example = {
  async synth(folder) {
    await build({ entryPoints: ['handler.ts', 'consumer.ts'], absWorkingDir: __dirname, bundle: true, platform: 'node', target: 'node22', outdir: folder });
    terraform = readTerraform(join(__dirname, 'main.tf'), folder);
    return readSam(join(__dirname, 'template.yaml'), folder);
  },

  checkTemplate(sam) {
    for (const { template } of [sam, terraform]) {
      const { FunctionResponseTypes } = template.Resources[onlyIdOf(template, 'AWS::Lambda::EventSourceMapping')].Properties;
      deepEqual(FunctionResponseTypes, ['ReportBatchItemFailures']);
      for (const { actions, resources } of allowedBy(template)) equal([...actions, ...resources].some((each) => typeof each === 'string' && each.includes('*')), false);
    }
    deepEqual(allActions(terraform), allActions(sam));
    equal(allActions(sam).filter((action) => action === 'rds-db:connect').length, 2); // nobody here checks a login by IAM
  },

  async endToEnd(sam) {
    const database = await startDatabase('app', sam.cleanup);
    await database.sql(`${USERS_TABLE}; ${await sqlOf('README.md')}`);
    Object.assign(sam.parameters, { DatabaseHost: 'localhost', DatabasePort: String(database.port), DatabaseResourceId: 'db-ABCDEFGHIJKL01234' });
    await signUps(sam, database);

    const other = await EmulatedStack.deploy(terraform, sam.cleanup);
    Object.assign(other.parameters, { database_host: 'localhost', database_port: String(database.port), database_resource_id: 'db-ABCDEFGHIJKL01234' });
    await signUps(other, database).finally(() => sam.refused.push(...other.refused));
  },
};

/** One while the database is there, and one while it is not. */
async function signUps(stack: EmulatedStack, database: EmulatedDatabase): Promise<void> {
  await database.sql('truncate public.users');
  const users = await stack.users();
  const ada = await users.signUp({ email: 'ada@example.com', attributes: { name: 'Ada Lovelace', preferred_username: 'ada' } });
  await users.confirmSignUp('ada@example.com');
  deepEqual(await database.sql('select * from public.users'), [{ cognito_user_id: ada.sub, email: 'ada@example.com', display_name: 'Ada Lovelace', handle: 'ada' }]);

  await database.pause();
  const grace = await users.signUp({ email: 'grace@example.com' });
  await users.confirmSignUp('grace@example.com');
  deepEqual(await database.sql('select email from public.users'), [{ email: 'ada@example.com' }]);
  await database.resume();
  await (await stack.queue()).drain();
  deepEqual(await database.sql("select cognito_user_id from public.users where email = 'grace@example.com'"), [{ cognito_user_id: grace.sub }]);
}

/** What the reader is told to run. */
async function sqlOf(file: string): Promise<string> {
  return /^```sql\n(.*?)^```$/ms.exec(await readFile(join(__dirname, file), 'utf8'))![1];
}

function allActions({ template }: SynthesisedStack): string[] {
  return allowedBy(template).flatMap(({ actions }) => actions).sort();
}
