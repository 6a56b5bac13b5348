import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkTable } from '../../lambda-src/check';
import { Deadline } from '../../lambda-src/deadline';
import { deployedDataApi } from '../../lambda-src/functions/deployed-data-api';
import { runnerOf } from '../../lambda-src/functions/deployed-runner';
import { deployedTable } from '../../lambda-src/functions/deployed-table';
import { bulkPostgresStore } from '../../lambda-src/stores/postgres/bulk-postgres-store';
import { postgresStore } from '../../lambda-src/stores/postgres/postgres-store';
import { userSync } from '../../lambda-src/user-sync';
import type { SqlPlan, SyncPlan } from '../../src/private/plan';

/** A database may have to wake up. */
const MILLIS = 60_000;

const plan = JSON.parse(readFileSync(process.argv[2], 'utf8')) as SyncPlan & { database: SqlPlan };

async function main(): Promise<void> {
  const findings = await checkTable(runnerOf(plan.database), { ...plan.database, columns: plan.columns }, Deadline.after(MILLIS), 'error');
  for (const { severity, code, message, sql } of findings) console.log(`${severity} ${code}: ${message}${sql === null ? '' : `\n${sql}`}`);
  const results = { trigger: await written(postgresStore), consumer: await written(bulkPostgresStore) };
  console.log(JSON.stringify(results));
  const isRight = Object.values(results).every((each) => each.join() === 'written,unchanged,written');
  process.exit(isRight && findings.every(({ severity }) => severity === 'warning') ? 0 : 1);
}

/** Inserts a user, writes the same again, and then another address. */
async function written(storeOf: typeof postgresStore): Promise<readonly string[]> {
  const table = plan.database.kind === 'dataApi' ? deployedDataApi(plan) : deployedTable(plan, storeOf);
  const { toRow, store } = await userSync(table, plan);
  const sub = randomUUID();
  const results: string[] = [];
  for (const name of ['first', 'first', 'second']) {
    const user = { sub, username: sub, userPoolId: 'eu-west-1_LiveCheck', status: 'CONFIRMED', attributes: { sub, email: `${name}-${sub}@live-check.invalid` }, observedAt: new Date() };
    const [result] = await store.write([toRow(user)], Deadline.after(MILLIS));
    results.push(typeof result === 'string' ? result : result.message);
  }
  return results;
}

void main();
