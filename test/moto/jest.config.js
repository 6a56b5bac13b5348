const { jest } = require('../../package.json');

/** As the default run, but for its test files, which need moto. */
module.exports = {
  ...jest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/moto/*.moto.ts'],
  testTimeout: 60_000,
};
