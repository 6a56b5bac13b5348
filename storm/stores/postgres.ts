import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Pool, type PoolClient } from 'pg';
import { startPostgres } from '../../test/support/postgres-server';
import { startTcpProxy } from '../../test/support/tcp-proxy';
import { REFUSED_NAME } from '../person';
import type { SimulatedClock } from '../simulated-clock';
import { type FunctionName, SECRET_ARNS, type StormStore, type StormTable, WRITERS } from '../store';
import type { AuditedWrite, StoredRow } from '../verdict';

/** What raise_fault of audit.sql knows, in its order. */
const RAISED_STATES: readonly string[] = ['40001', '40P01', '53100', '53300', '25006', '57014'];

const PASSWORD = 'storm';
const MAPPED = 'cognito_user_id, email, display_name, handle, generation, status, enabled';

/** A real PostgreSQL with the tables and what watches them. */
export async function startPostgresStorm(tables: readonly StormTable[], clock: SimulatedClock): Promise<StormStore> {
  const server = await startPostgres();
  const name = await server.createDatabase('storm');
  const proxy = await startTcpProxy(server.port);
  const connectionUrl = server.connectionString(name);
  const pool = new Pool({ connectionString: connectionUrl });
  // On its own: while tables are locked it waits, and the clock must go on.
  const application = new Pool({ connectionString: connectionUrl, max: 2 });
  const listener = new Client({ connectionString: connectionUrl });
  // At the end, when the server goes first.
  for (const each of [pool, application]) each.on('error', () => undefined);
  listener.on('error', () => undefined);
  await listener.connect();
  await pool.query(schemaOf(tables));
  await listener.query('listen committed');
  let locker: PoolClient | undefined;
  clock.onJump((offset) => set('clock_offset', offset));

  async function set(sequence: string, value: number): Promise<void> {
    await pool.query(`select setval('storm.${sequence}', $1)`, [value + 1]);
  }

  return {
    proxy,
    access: (functionName, table) => ({
      bundle: functionName,
      plan: { kind: 'postgres', table, login: { secretArn: SECRET_ARNS[functionName] } },
      secret: server.connectionString(name, { user: WRITERS[functionName], password: PASSWORD, port: proxy.port }),
    }),
    async deleteRow(table, sub) {
      await application.query(`delete from ${table} where cognito_user_id = $1`, [sub]);
    },
    rows: async (table) => (await pool.query<StoredRow>(`select ${MAPPED} from ${table}`)).rows,
    async audit() {
      const { rows } = await pool.query<AuditedWrite>('select at::float8 as at, writer, operation, sub, generation, observed_at as "observedAt" from storm.audit order by seq');
      return rows;
    },
    failures: RAISED_STATES,
    raise: (state) => set('fault', state ? RAISED_STATES.indexOf(state) + 1 : 0),
    async lock() {
      locker = await pool.connect();
      await locker.query(`begin; lock table ${tables.map((table) => table.name).join(', ')} in share row exclusive mode`);
    },
    async unlock() {
      await locker!.query('rollback');
      locker!.release();
    },
    tell: (isTelling) => set('telling', Number(isTelling)),
    onCommit: (told) => void listener.on('notification', ({ payload }) => told(payload!)),
    async figures() {
      const burnt = async (functionName: FunctionName) => {
        const { rows: [{ n }] } = await pool.query<{ n: number }>(`select case when is_called then last_value else 0 end::int as n from storm.burnt_by_${functionName}`);
        return n;
      };
      return { sequenceBurnt: await burnt('consumer'), sequenceBurntByTrigger: await burnt('trigger') };
    },
    async stop() {
      await Promise.allSettled([pool.end(), application.end(), listener.end(), proxy.stop()]);
      await server.stop();
    },
  };
}

function schemaOf(tables: readonly StormTable[]): string {
  const roles = Object.values(WRITERS);
  return [
    ...roles.map((role) => `create role ${role} login password '${PASSWORD}'`),
    readFileSync(join(__dirname, 'audit.sql'), 'utf8'),
    ...tables.map(({ name, hasVersion }) => tableOf(name, hasVersion, roles)),
  ].join(';\n');
}

/** With a `serial` id, and with the privileges that the README's chapter on security gives, and no more. */
function tableOf(name: string, hasVersion: boolean, roles: readonly string[]): string {
  const columns = hasVersion ? `${MAPPED}, observed_at` : MAPPED;
  return `
    create table ${name} (
      id serial primary key,
      cognito_user_id text not null unique,
      email text,
      display_name text check (display_name <> '${REFUSED_NAME}'),
      handle text,
      generation integer,
      status text,
      enabled boolean${hasVersion ? ',\n      observed_at timestamptz' : ''}
    );
    grant insert (${columns}), update (${columns}), select (${columns}) on ${name} to ${roles.join(', ')};
    grant usage on sequence ${name}_id_seq to ${roles.join(', ')};
    create trigger fault before insert or update on ${name} for each statement execute function storm.raise_fault();
    create trigger burnt before insert on ${name} for each row execute function storm.count_burnt();
    create trigger written after insert or update or delete on ${name} for each row execute function storm.record_write()`;
}
