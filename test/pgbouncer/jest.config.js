const { jest } = require('../../package.json');

/** As the default run, but for its test files, which need PgBouncer. */
module.exports = {
  ...jest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/pgbouncer/*.pgbouncer.ts'],
  testTimeout: 60_000,
};
