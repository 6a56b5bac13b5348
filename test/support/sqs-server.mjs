/**
 * The process behind sqs.ts: fauxqs, which is an ES module, so that neither jest's nor tsx's CommonJS can load it.
 * It ends when the channel to its parent closes, which happens however the parent ends.
 */
import { buildApp } from 'fauxqs';

const JSON_1_0 = 'application/x-amz-json-1.0';

// Not exported, but without it the queue's URLs have a host name that not every machine can resolve.
const { SqsStore } = await import(new URL('./sqs/sqsStore.js', import.meta.resolve('fauxqs')));
const sqsStore = new SqsStore();
sqsStore.host = undefined;

const app = buildApp({ logger: false, defaultRegion: process.argv[2], stores: { sqsStore } });
const realNow = Date.now;
let refusal;
let delayMs = 0;

app.put('/_test/behaviour', async (request) => {
  ({ refusal, delayMs = 0 } = JSON.parse(request.body));
  return '';
});

app.put('/_test/clock', async (request) => {
  const { aheadMs } = JSON.parse(request.body);
  Date.now = () => realNow() + aheadMs;
  return '';
});

app.addHook('preHandler', async (request, reply) => {
  const action = request.headers['x-amz-target']?.replace('AmazonSQS.', '');
  if (!action) return;
  if (delayMs > 0) await new Promise((resolve) => { setTimeout(resolve, delayMs); });
  if (refusal && (refusal.actions ?? [action]).includes(action)) {
    const { code, message = code, status = 400 } = refusal;
    await reply.status(status).header('content-type', JSON_1_0).header('x-amzn-query-error', `${code};Sender`).send({ __type: `com.amazonaws.sqs#${code}`, message });
  } else if (action === 'ListDeadLetterSourceQueues') {
    await reply.header('content-type', JSON_1_0).send({ queueUrls: sourceQueues(request.body.QueueUrl) });
  }
});

/** The one action that we need and fauxqs 1.9.2 lacks. */
function sourceQueues(deadLetterQueueUrl) {
  const arn = sqsStore.getQueue(deadLetterQueueUrl)?.arn;
  return sqsStore.listQueues().filter(({ attributes }) => JSON.parse(attributes.RedrivePolicy ?? '{}').deadLetterTargetArn === arn).map(({ url }) => url);
}

process.on('disconnect', () => process.exit());
await app.listen({ port: 0, host: '127.0.0.1' });
process.send({ port: app.server.address().port });
