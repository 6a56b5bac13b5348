import type { SimulatedClock } from './simulated-clock';
import type { StormStore, StormTable } from './store';
import { startDynamoDbStorm } from './stores/dynamo-db';
import { startPostgresStorm } from './stores/postgres';
import { startUserServiceStorm } from './stores/user-service';

/** By the names that `--store` has for them. */
const STORES = { postgres: startPostgresStorm, dynamodb: startDynamoDbStorm, service: startUserServiceStorm };

export type StoreName = keyof typeof STORES;
export const STORE_NAMES = Object.keys(STORES) as StoreName[];

export function startStore(name: StoreName, tables: readonly StormTable[], clock: SimulatedClock): Promise<StormStore> {
  return STORES[name](tables, clock);
}
