import { deepEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { EmulatedStack } from './emulated/emulated-stack';
import { synth } from './emulated/synth';
import type { SynthesisedStack } from './emulated/template';
import { temporaryFolder } from './emulated/temporary-folder';
import type { Example } from './example';
import { Cleanup } from '../demo/cleanup';

export interface Result {
  readonly name: string;
  readonly synth: boolean;
  /** Null where there is nothing to run, and where there was nothing to run it with. */
  readonly endToEnd: boolean | null;
  readonly seconds: number;
  readonly failure?: Error;
  /** What the functions wrote, of an example that failed. */
  readonly log: readonly string[];
}

/** @param cleanup closes what is open when somebody ends the run in the middle */
export async function runExample(name: string, { synth: synthesise, checkTemplate, endToEnd }: Example, cleanup: Cleanup): Promise<Result> {
  const begin = performance.now();
  const own = new Cleanup();
  cleanup.add(async () => {
    const [failure] = await own.run();
    if (failure) throw failure;
  });
  let stack: EmulatedStack | undefined;
  const result = async (outcome: Pick<Result, 'synth' | 'endToEnd'>, failure?: Error): Promise<Result> => (
    { name, ...outcome, seconds: (performance.now() - begin) / 1_000, failure, log: failure && stack ? [...await stack.logs(), ...stack.refused] : [] }
  );
  let synthesised: SynthesisedStack;
  try {
    synthesised = await (synthesise ?? ((to) => synth(join(__dirname, name, 'app.ts'), to)))(await temporaryFolder());
    checkTemplate(synthesised);
  } catch (error) {
    return result({ synth: false, endToEnd: null }, error as Error);
  }
  if (!endToEnd) return result({ synth: true, endToEnd: null });
  try {
    stack = await EmulatedStack.deploy(synthesised, own);
    await endToEnd(stack);
    deepEqual(stack.refused, []);
    return await result({ synth: true, endToEnd: true });
  } catch (error) {
    return await result({ synth: true, endToEnd: false }, error as Error);
  } finally {
    await own.run();
  }
}
