/**
 * Stands in for Lambda's runtime client in a process that lives by the storm's clock: `Date` is the simulated one, timers
 * and `performance` are real. Loads `index.js` of LAMBDA_TASK_ROOT once, then hands it the events that come over IPC.
 * Plain JavaScript, as it runs without a compiler.
 */
const { join } = require('node:path');

let offset = Number(process.env.STORM_CLOCK_OFFSET);

const RealDate = Date;
globalThis.Date = class Date extends RealDate {
  static now() {
    return RealDate.now() + offset;
  }

  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + offset] : given));
  }
};

process.stderr.write = process.stdout.write.bind(process.stdout);
const { handler } = require(join(process.env.LAMBDA_TASK_ROOT, 'index.js'));

process.on('message', async (message) => {
  if (message.offset !== undefined) {
    offset = message.offset;
    return;
  }
  const { event, context, timeoutMs } = message;
  const deadline = performance.now() + timeoutMs;
  try {
    process.send({ payload: await handler(event, { ...context, getRemainingTimeInMillis: () => deadline - performance.now() }) ?? null });
  } catch (error) {
    process.send({ error: error?.stack ?? String(error) });
  }
});
process.on('disconnect', () => process.exit());
process.send('loaded');
