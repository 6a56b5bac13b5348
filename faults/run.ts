import type { Fault } from './fault';
import { runFault } from './run-fault';
import type { StoreKind } from './store';
import type { Verdict } from './verdict';
import type { Cleanup } from '../demo/cleanup';
import { startSqs } from '../test/support/sqs';

/** So many faults at the same time: most of the time they wait. */
const LANES = 3;

/** @param onDone after each fault, in the order in which they end @returns the verdicts, in the order of the faults */
export async function runFaults(kind: StoreKind, faults: readonly Fault[], cleanup: Cleanup, onDone: (verdict: Verdict) => void): Promise<readonly Verdict[]> {
  const verdicts = new Map<Fault, Verdict>();
  const stores = await kind.start();
  cleanup.add(() => stores.stop());
  const waiting = [...faults];

  /** Its own SQS: the time there is the fault's, too. */
  async function lane(): Promise<void> {
    const sqs = await startSqs();
    cleanup.add(() => sqs.stop());
    for (let fault = waiting.shift(); fault; fault = waiting.shift()) {
      const verdict = await runFault(fault, { kind, stores, sqs }, cleanup);
      verdicts.set(fault, verdict);
      onDone(verdict);
    }
  }

  await Promise.all(Array.from({ length: Math.min(LANES, faults.length) }, lane));
  return faults.map((fault) => verdicts.get(fault)!);
}
