import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Site } from './site';

/** Moves all dead letters back as they are, as SQS's own redrive does, which fauxqs lacks. */
export async function redrive({ sqs: { client }, queue }: Site): Promise<void> {
  const QueueUrl = queue.deadLetters.url;
  for (;;) {
    const { Messages: [message] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }));
    if (message === undefined) return;
    await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: message.Body, MessageAttributes: message.MessageAttributes }));
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  }
}
