const { writeSync } = require('node:fs');

/**
 * Ends a test run with one line that a script can read: `N passed, N failed`. A test file that could not be run counts
 * as one failure. Plain JavaScript, since jest does not compile its reporters.
 */
module.exports = class CountReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const counts = `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed\n`;
    // At exit, since jest writes its summary later than this; past process.stdout, whose writes jest's default reporter buffers.
    process.once('exit', () => writeSync(1, counts));
  }
};
