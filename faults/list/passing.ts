import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault';
import type { SiteStore } from '../store';

/** The same fault, but each time it is over while the person still waits. */
export function passing<Store extends SiteStore>({ name, arrange, lift }: Fault<Store>, milliseconds = 1_000): Fault<Store> {
  return {
    name: `${name} for ${milliseconds / 1_000} s`,
    arrange,
    lift,
    async whileSigningUp(site) {
      await arrange(site);
      await sleep(milliseconds);
      await lift(site);
    },
  };
}
