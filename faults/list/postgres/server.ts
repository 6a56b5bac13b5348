import type { Fault } from '../../fault';
import type { PostgresStore } from '../../stores/postgres';
import { untilWriting } from '../../waiting';

/** Of what a PostgreSQL server does as a whole. */
export const serverFaults: readonly Fault<PostgresStore>[] = [
  {
    name: 'server restarted between statements',
    needs: { ownServer: true },
    arrange: ({ store }) => store.server.restart(),
    lift: async () => {},
  },
  {
    name: 'server restarted during statements',
    needs: { ownServer: true },
    arrange: ({ store }) => store.delayWrites(500),
    async whileSigningUp({ store }, { answered }) {
      if (await untilWriting(store, answered)) await store.server.restart();
    },
    lift: ({ store }) => store.beforeInsert('null'),
  },
  {
    name: 'too many clients',
    code: '53300',
    arrange: async ({ store, proxy }) => { await store.sql(`alter role ${store.role} connection limit 0`); proxy.cut(); },
    lift: ({ store }) => store.sql(`alter role ${store.role} connection limit -1`),
  },
  {
    name: 'read-only after failover',
    code: '25006',
    arrange: async ({ store, proxy }) => { await store.sql(`alter role ${store.role} set default_transaction_read_only = on`); proxy.cut(); },
    lift: ({ store }) => store.sql(`alter role ${store.role} reset default_transaction_read_only`),
  },
  {
    name: 'disk full',
    code: '53100',
    // As an extension may say it, with the row in every field that PostgreSQL has for it.
    arrange: ({ store }) => store.beforeInsert(`raise exception using errcode = '53100', message = new.email, detail = new.display_name, hint = new.handle,
      constraint = new.email, table = new.display_name, column = new.handle`),
    lift: ({ store }) => store.beforeInsert('null'),
  },
];
