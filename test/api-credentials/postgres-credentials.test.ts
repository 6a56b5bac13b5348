import { POOL } from './site';
import { credentialPlace, type CredentialStore } from '../../lambda-src/api-credentials/credential-store';
import { postgresCredentials } from '../../lambda-src/api-credentials/postgres-credentials';
import { Deadline } from '../../lambda-src/deadline';
import { deployedCredentials } from '../../lambda-src/functions/deployed-credentials';
import { dataApiRunner } from '../../lambda-src/stores/data-api/data-api-table';
import { statementRunner } from '../../lambda-src/stores/postgres/database-options';
import type { CredentialsPlan } from '../../src/private/credentials-plan';
import { CLUSTER } from '../stores/data-api/cluster';
import { startDataApi, type DataApi } from '../support/data-api';
import { useDatabase } from '../support/database';

const ADA = '5f0c7f3e-1b3c-4f47-8a3e-0d2a6f4f9b10';
const BOB = '9b2d5a10-77aa-4c1c-9c57-4b1f0a1d2e3f';

const database = useDatabase({
  tables: `
    create schema "My Schema";
    create table "My Schema"."Users" (tenant integer not null, pool varchar(55) not null, "userId" uuid not null, "API ""hash""" text, email text, primary key (tenant, pool, "userId"));
    insert into "My Schema"."Users" (tenant, pool, "userId", email) values (7, '${POOL}', '${ADA}', 'ada'), (7, '${POOL}', '${BOB}', 'bob'), (8, '${POOL}', '${ADA}', 'other')`,
});
let api: DataApi;
beforeAll(async () => {
  api = await startDataApi({ ...CLUSTER, connectionString: database.connectionString() });
});
afterAll(() => api.stop());

const table = '"My Schema"."Users"';
const column = '"API ""hash"""';
const plan: Omit<CredentialsPlan, 'database'> = { key: { tenant: { constant: '7', kind: 'integer' }, pool: 'userPoolId', userId: 'sub' }, userPoolId: POOL, column };
const place = () => credentialPlace(plan, 'sql');
function dataApiStore(): CredentialStore {
  const aws = { region: 'eu-west-1', credentials: () => ({ accessKeyId: 'a', secretAccessKey: 'b' }), endpointUrl: () => api.url };
  return postgresCredentials(dataApiRunner({ ...CLUSTER, kind: 'dataApi', table }, aws), { table, place: place(), castsKey: true });
}

const soon = () => Deadline.after(5_000);

test.each([
  ['a connection', () => postgresCredentials(statementRunner({ connectionString: database.connectionString(), table }), { table, place: place() })],
  ['the Data API', dataApiStore],
  ['the Data API, as it is deployed', () => {
    Object.assign(process.env, { AWS_ENDPOINT_URL_RDS_DATA: api.url, AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' });
    return deployedCredentials({ ...plan, database: { ...CLUSTER, kind: 'dataApi', table } });
  }],
])('a key of several columns and types, and names of any kind, work by %s', async (_way, storeOf) => {
  const store = storeOf();
  await store.open?.();
  expect(await store.read(ADA, soon())).toBeUndefined();
  expect(await store.write(ADA, 'first', soon())).toBe(true);
  expect(await store.write(ADA, 'second', soon())).toBe(true);
  expect(await store.read(ADA, soon())).toBe('second');
  expect(await store.read(BOB, soon())).toBeUndefined();
  expect(await database.rows(`select tenant, ${column} as hash, email from ${table} order by email`)).toEqual([
    { tenant: 7, hash: 'second', email: 'ada' }, { tenant: 7, hash: null, email: 'bob' }, { tenant: 8, hash: null, email: 'other' },
  ]);
  expect(await store.write(ADA, null, soon())).toBe(true);
  expect(await store.read(ADA, soon())).toBeUndefined();
  const nobody = '00000000-0000-4000-8000-000000000000';
  expect(await store.write(nobody, 'third', soon())).toBe(false);
  expect(await store.read(nobody, soon())).toBeUndefined();
});

test('the types of the key are read once, and again where reading them failed', async () => {
  const store = dataApiStore();
  api.refusals.push('AccessDeniedException');
  await expect(store.read(ADA, soon())).rejects.toThrow('AccessDeniedException');
  await store.write(ADA, 'again', soon());
  const { length } = api.requests;
  expect(await store.read(ADA, soon())).toBe('again');
  expect(api.requests).toHaveLength(length + 1);
});

test.each<[CredentialsPlan['key'], string]>([
  [undefined as never, 'the options have no key: expected what finds one user\'s row'],
  [{}, 'got key \\(\\), which two users may share'],
  [{ tenant: { constant: '7' } }, 'got key \\(tenant\\), which two users may share'],
  [{ email: 'email' }, 'is mapped from email, which may change'],
])('fails on the key %j', (wrong, message) => {
  expect(() => credentialPlace({ ...plan, key: wrong }, 'sql')).toThrow(new RegExp(message));
});
