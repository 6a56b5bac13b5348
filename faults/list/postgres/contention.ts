import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Fault } from '../../fault';
import type { PostgresStore } from '../../stores/postgres';
import { until } from '../../waiting';

/** Rows that an application's own trigger may lock with each user, and that somebody else locks meanwhile. */
const SEATS = 'create table seats (id int primary key, taken int not null default 0); insert into seats values (1), (2)';

const LOCK_MS = 10_000;

/** Of what other transactions do. The errors are PostgreSQL's own. */
export const contention: readonly Fault<PostgresStore>[] = [
  opposed({
    name: 'deadlock',
    code: '40P01',
    insert: 'perform from public.seats where id = 1 for update; perform from public.seats where id = 2 for update',
    // Whoever has waited for a second looks for a deadlock, and is the victim.
    opposing: "begin; set local deadlock_timeout = '5s'; select from seats where id = 2 for update",
    onceAwaited: 'select from seats where id = 1 for update; rollback',
  }),
  opposed({
    name: 'serialization failure',
    code: '40001',
    isolation: 'repeatable read',
    insert: 'update public.seats set taken = taken + 1 where id = 1',
    opposing: 'begin; update seats set taken = taken + 1 where id = 1',
    onceAwaited: 'commit',
  }),
  lockHeld(),
  {
    name: 'statement timeout',
    code: '57014',
    async arrange({ store, proxy }) {
      await store.sql(`alter role ${store.role} set statement_timeout = '100ms'`);
      await store.beforeInsert('perform pg_sleep(1)');
      proxy.cut();
    },
    lift: ({ store }) => store.beforeInsert('null'),
  },
];

interface Opposition {
  readonly name: string;
  readonly code: string;
  readonly isolation?: string;
  /** What each statement does with the seats. */
  readonly insert: string;
  /** What the other transaction does with them first, and once the statement waits for it. */
  readonly opposing: string;
  readonly onceAwaited: string;
}

/** Another transaction gets in the way of each statement, also of a second and third try. */
function opposed({ name, code, isolation = 'read committed', insert, opposing, onceAwaited }: Opposition): Fault<PostgresStore> {
  let other: Client;
  return {
    name,
    code,
    async arrange({ store, proxy }) {
      await store.sql(`${SEATS}; alter role ${store.role} set default_transaction_isolation = '${isolation}'`);
      await store.beforeInsert(insert);
      proxy.cut();
      other = await store.session();
      await other.query(opposing);
    },
    async whileSigningUp({ store: { sql, role } }, { answered }) {
      const isAwaited = async () => (await sql('select from pg_stat_activity where usename = $1 and cardinality(pg_blocking_pids(pid)) > 0', [role])).length > 0;
      while (await until(isAwaited, answered)) {
        await other.query(onceAwaited);
        await other.query(opposing);
      }
    },
    async lift({ store }) {
      await other.query('rollback');
      await store.beforeInsert('null');
    },
  };
}

function lockHeld(): Fault<PostgresStore> {
  let release: () => Promise<void>;
  return {
    name: `lock held for ${LOCK_MS / 1000} s`,
    async arrange({ store }) {
      const other = await store.session();
      await other.query('begin; lock table public.users in exclusive mode');
      const enough = sleep(LOCK_MS);
      release = async () => {
        await enough;
        await other.query('commit');
      };
    },
    lift: () => release(),
  };
}
