import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DemoArguments } from './arguments';
import type { Cleanup } from './cleanup';
import type { Display } from './display';
import { embeddedTable, ownTable, readRow, type StoredUser, type UsersTable } from './users-table';
import { PLAN_VARIABLE, type SyncPlan } from '../src/private/plan';
import { startCognito } from '../test/support/cognito';
import { startLambdaEndpoint } from '../test/support/lambda-endpoint';
import { startLambdaFunction, type Invocation, type LambdaFunction } from '../test/support/lambda-function';
import { startSecretsManager } from '../test/support/secrets-manager';

/** What `--json` prints. */
export interface DemoResult {
  /** As the function got it. */
  readonly event: unknown;
  readonly row: StoredUser;
  /** From the confirmation to the answer that lets the user go on; the row is there then. */
  readonly elapsedMs: number;
}

const BUNDLE = join(__dirname, '..', 'assets', 'trigger');
const SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:users-abcdef';

/** The product's main job from end to end, with nothing of the product replaced. @throws when the promise is broken */
export async function signUp({ email, name, keep }: DemoArguments, databaseUrl: string | undefined, display: Display, cleanup: Cleanup): Promise<DemoResult> {
  const table = databaseUrl ? await ownTable(databaseUrl, keep, cleanup) : await embeddedTable(cleanup);
  const { rows: [{ version }] } = await table.client.query<{ version: string }>("select current_setting('server_version') as version");
  display.step(`PostgreSQL ${version.split(' ')[0]} is running`);
  display.detail(table.place);

  display.step('A table for the users');
  display.verbatim(table.sql);
  await table.client.query(table.sql);

  display.step('The prebuilt function is loaded, as Lambda does it');
  const trigger = await loadFunction(table, cleanup);
  display.detail(`assets/trigger/index.js on Node.js ${trigger.nodeVersion}, in ${Math.round(trigger.loadedMs)} ms; the way to the database is in a secret`);

  const cognito = await startUserPool(trigger, cleanup);
  const handle = email.split('@')[0];
  const { sub } = await cognito.signUp({ email, attributes: { name, preferred_username: handle } });
  display.step(`${name} signs up as ${email}`);
  if (await readRow(table, sub)) throw new Error('there is a row already, expected none before the confirmation');
  display.detail(`sub ${sub}, unconfirmed and without a row`);

  const begin = performance.now();
  await cognito.confirmSignUp(email);
  const elapsedMs = Math.round((performance.now() - begin) * 10) / 10;
  const [delivery] = trigger.invocations;
  if (delivery === undefined) throw new Error('cognito-local has not called the function, expected it to on confirmation');
  display.step(`${name} confirms with the code from the e-mail, and Cognito calls the function`);
  display.detail(`${elapsedMs} ms until the user may go on; the function's log:`);
  showLog(delivery, display);

  const expected: StoredUser = { cognito_user_id: sub, email, display_name: name, handle };
  const first = await readRow(table, sub);
  display.step('The row');
  const row = rightRow(first?.row, expected);
  display.row({ ...row });

  display.step('Cognito may deliver an event twice: the same one again');
  showLog(await trigger.invoke(delivery.event), display);
  const second = await readRow(table, sub);
  rightRow(second?.row, expected);
  if (second?.written !== first?.written) throw new Error('the second delivery has written the row anew, expected it to leave a row alone that is right');
  display.detail('one row as before, and PostgreSQL has written nothing');
  return { event: delivery.event, row, elapsedMs };
}

async function loadFunction(table: UsersTable, cleanup: Cleanup): Promise<LambdaFunction> {
  await stat(join(BUNDLE, 'index.js')).catch((cause) => {
    throw new Error('no prebuilt function at assets/trigger/index.js: run npm run bundle, or the demo by npm run demo', { cause });
  });
  const secrets = await startSecretsManager();
  cleanup.add(() => secrets.stop());
  secrets.putSecret(SECRET_ARN, table.connectionUrl);
  const plan: SyncPlan = {
    database: { kind: 'postgres', table: table.name, mayBeUnencrypted: true, login: { secretArn: SECRET_ARN } },
    columns: { cognito_user_id: 'sub', email: 'email', display_name: 'name', handle: 'preferred_username' },
  };
  const trigger = await startLambdaFunction({
    folder: BUNDLE,
    environment: { [PLAN_VARIABLE]: JSON.stringify(plan), AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url },
  });
  cleanup.add(() => trigger.stop());
  return trigger;
}

async function startUserPool(trigger: LambdaFunction, cleanup: Cleanup) {
  const endpoint = await startLambdaEndpoint(trigger);
  cleanup.add(() => endpoint.stop());
  const cognito = await startCognito({ lambdaUrl: endpoint.url, triggers: { PostConfirmation: trigger.name } });
  cleanup.add(() => cognito.stop());
  return cognito;
}

function showLog({ log }: Invocation, display: Display): void {
  display.verbatim(log.length > 0 ? log.join('\n') : '(it has logged nothing)');
}

function rightRow(row: StoredUser | undefined, expected: StoredUser): StoredUser {
  if (row === undefined) throw new Error(`there is no row of user ${expected.cognito_user_id}, expected one: the function's log above says why`);
  if (!isDeepStrictEqual(row, expected)) throw new Error(`the row is wrong, got ${JSON.stringify(row)}, expected ${JSON.stringify(expected)}`);
  return row;
}
