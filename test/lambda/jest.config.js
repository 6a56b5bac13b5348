const { jest } = require('../../package.json');

/** As the default run, but for its test files, which need a compiled runtime client. */
module.exports = {
  ...jest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/lambda/*.lambda.ts'],
  testTimeout: 60_000,
};
