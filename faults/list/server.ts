import type { Fault } from '../fault';
import { untilWriting } from '../waiting';

/** Of what a PostgreSQL server does as a whole. */
export const serverFaults: readonly Fault[] = [
  {
    name: 'server restarted between statements',
    needs: { ownServer: true },
    arrange: ({ database }) => database.server.restart(),
    lift: async () => {},
  },
  {
    name: 'server restarted during statements',
    needs: { ownServer: true },
    arrange: ({ database }) => database.beforeInsert('perform pg_sleep(0.5)'),
    async whileSigningUp({ database }, { answered }) {
      if (await untilWriting(database, answered)) await database.server.restart();
    },
    lift: ({ database }) => database.beforeInsert('null'),
  },
  {
    name: 'too many clients',
    code: '53300',
    arrange: async ({ database, proxy }) => { await database.sql(`alter role ${database.role} connection limit 0`); proxy.cut(); },
    lift: ({ database }) => database.sql(`alter role ${database.role} connection limit -1`),
  },
  {
    name: 'read-only after failover',
    code: '25006',
    arrange: async ({ database, proxy }) => { await database.sql(`alter role ${database.role} set default_transaction_read_only = on`); proxy.cut(); },
    lift: ({ database }) => database.sql(`alter role ${database.role} reset default_transaction_read_only`),
  },
  {
    name: 'password rejected, then rotated',
    code: '28P01',
    arrange: async ({ database, proxy }) => { await database.changePassword(); proxy.cut(); },
    lift: async ({ database, putSecret }) => putSecret(database.connectionUrl()),
  },
  {
    name: 'password rotated',
    arrange: async ({ database, proxy, putSecret }) => { await database.changePassword(); putSecret(database.connectionUrl()); proxy.cut(); },
    lift: async () => {},
  },
  {
    name: 'disk full',
    code: '53100',
    // As an extension may say it, with the row in every field that PostgreSQL has for it.
    arrange: ({ database }) => database.beforeInsert(`raise exception using errcode = '53100', message = new.email, detail = new.display_name, hint = new.handle,
      constraint = new.email, table = new.display_name, column = new.handle`),
    lift: ({ database }) => database.beforeInsert('null'),
  },
];
