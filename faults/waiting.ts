import { setTimeout as sleep } from 'node:timers/promises';
import type { SiteDatabase } from './site-database';

const STEP_MS = 10;

const MOST_MS = 20_000;

/** Asks again and again. @returns false when the signal came first */
export async function until(isSo: () => Promise<boolean>, aborted?: AbortSignal): Promise<boolean> {
  for (const end = performance.now() + MOST_MS; !aborted?.aborted;) {
    if (await isSo()) return true;
    if (performance.now() > end) throw new Error(`waited ${MOST_MS} ms in vain until ${isSo}`);
    await sleep(STEP_MS);
  }
  return false;
}

/** Until one of the functions' statements is under way. */
export function untilWriting({ sql, role }: SiteDatabase, aborted?: AbortSignal): Promise<boolean> {
  return until(async () => (await sql("select from pg_stat_activity where usename = $1 and state = 'active' and query like '%insert into%'", [role])).length > 0, aborted);
}
