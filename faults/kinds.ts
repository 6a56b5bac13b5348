import { dynamoDbFaults } from './list/dynamo-db/answers';
import { httpFaults } from './list/http';
import { kills } from './list/kills';
import { loginFaults } from './list/login';
import { networkFaults } from './list/network';
import { contention } from './list/postgres/contention';
import { expiredCertificate } from './list/postgres/expired-certificate';
import { handshakeFaults } from './list/postgres/handshake';
import { serverFaults } from './list/postgres/server';
import { tableFaults } from './list/postgres/table';
import { queueFaults } from './list/queue';
import { relayFaults } from './list/relay';
import { userServiceFaults } from './list/user-service/answers';
import type { StoreKind } from './store';
import { type DynamoDbStore, startDynamoDbStores } from './stores/dynamo-db';
import { type PostgresStore, startPostgresStores } from './stores/postgres';
import { type ServiceStore, startUserServices } from './stores/user-service';

const postgres: StoreKind<PostgresStore> = {
  bundles: { trigger: 'trigger', consumer: 'consumer', writer: 'writer' },
  start: startPostgresStores,
  faults: [...networkFaults, ...handshakeFaults, ...serverFaults, ...loginFaults('28P01'), expiredCertificate, ...contention, ...tableFaults, ...queueFaults, ...relayFaults, ...kills],
};

const dynamodb: StoreKind<DynamoDbStore> = {
  bundles: { trigger: 'trigger-dynamo-db', consumer: 'consumer-dynamo-db' },
  start: startDynamoDbStores,
  faults: [...networkFaults, ...httpFaults, ...dynamoDbFaults, ...queueFaults, ...kills],
};

const service: StoreKind<ServiceStore> = {
  bundles: { trigger: 'trigger-user-service', consumer: 'consumer-user-service', writer: 'writer-user-service' },
  start: startUserServices,
  faults: [...networkFaults, ...httpFaults, ...userServiceFaults, ...loginFaults('HTTP 401'), ...queueFaults, ...relayFaults, ...kills],
};

/** By the names that `--store` has for them. */
export const KINDS = { postgres, dynamodb, service } satisfies Record<string, StoreKind>;
