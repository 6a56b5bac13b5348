import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { startKeeper, type Keeper } from '../../test/support/keeper';

let started: Promise<Keeper> | undefined;

/** Owns processes and folders that go when this process ends, however it ends. */
export function keeper(): Promise<Keeper> {
  return started ??= startKeeper();
}

/** A new folder, gone in the end. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join((await keeper()).folder, 'example-'));
}
