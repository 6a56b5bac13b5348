/**
 * Stands in for Lambda's runtime client in a process of its own: loads `index.js` of LAMBDA_TASK_ROOT once, then hands it
 * the events that come over IPC (the function owns stdout). Plain JavaScript, as it runs without a compiler.
 */
const { join } = require('node:path');

// Lambda sends both outputs of a function to one log.
process.stderr.write = process.stdout.write.bind(process.stdout);

const RealDate = Date;
const handler = load();

process.on('message', async ({ event, context, deadline, clockOffsetMs }) => {
  if (clockOffsetMs !== undefined) setClock(clockOffsetMs);
  console.log(`START RequestId: ${context.awsRequestId}`);
  const answer = await invoke(event, { ...context, getRemainingTimeInMillis: () => deadline - RealDate.now() });
  console.log(`END RequestId: ${context.awsRequestId}`);
  process.send(answer);
});
process.on('disconnect', () => process.exit());
process.send({ nodeVersion: process.version, loadedMs: performance.now() });

function load() {
  try {
    const { handler: loaded } = require(join(process.env.LAMBDA_TASK_ROOT, 'index.js'));
    if (typeof loaded !== 'function') return () => { throw named('Runtime.HandlerNotFound', 'index.handler is undefined or not exported'); };
    // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: Node.js 24 no longer takes callback handlers.
    if (loaded.length >= 3) return () => { throw named('Runtime.CallbackHandlerDeprecated', 'index.handler declares three parameters'); };
    return loaded;
  } catch (error) {
    return () => { throw error; };
  }
}

/** The time of day is that far ahead from now on; timers and `performance.now()` go on as before. */
function setClock(offsetMs) {
  globalThis.Date = class Date extends RealDate {
    constructor(...given) {
      super(...(given.length > 0 ? given : [RealDate.now() + offsetMs]));
    }

    static now() {
      return RealDate.now() + offsetMs;
    }
  };
}

async function invoke(event, context) {
  try {
    return { payload: await handler(event, context) ?? null };
  } catch (error) {
    return {
      functionError: 'Unhandled',
      payload: { errorType: error?.name ?? typeof error, errorMessage: error?.message ?? String(error), trace: error?.stack?.split('\n') ?? [] },
    };
  }
}

function named(name, message) {
  return Object.assign(new Error(message), { name });
}
