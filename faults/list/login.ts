import type { Fault } from '../fault';
import type { StoreWithSecret } from '../store';

/** Of the password, key or token that stands in the secret. */
export function loginFaults(code: string): readonly Fault<StoreWithSecret>[] {
  return [
    {
      name: 'secret rejected, then rotated',
      code,
      arrange: async ({ store, proxy }) => { await store.changeSecret(); proxy.cut(); },
      lift: async ({ putSecret }) => putSecret(),
    },
    {
      name: 'secret rotated',
      arrange: async ({ store, proxy, putSecret }) => { await store.changeSecret(); putSecret(); proxy.cut(); },
      lift: async () => {},
    },
  ];
}
