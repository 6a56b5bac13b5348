import { setTimeout as sleep } from 'node:timers/promises';
import type { SiteStore } from './store';

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

/** Until one of the functions' writes is under way. */
export function untilWriting(store: SiteStore, aborted?: AbortSignal): Promise<boolean> {
  return until(() => store.isWriting(), aborted);
}
